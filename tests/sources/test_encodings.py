"""Databases of other encodings, and text that hurts."""

from collections.abc import Iterator

import psycopg
import pytest
from judged import Bench, conforming, contract, looked, named, told

from conformance.errors import CannotEvaluate
from conformance.fixtures_of import migrations
from conformance.run import check
from conformance.sandbox import Server
from conformance.sources.throwaway import apply

REQUEST = "0014/approval_requests.request_type"


@pytest.fixture(params=["SQL_ASCII", "LATIN1", "EUC_JP", "WIN1252"])
def encoded(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """A conforming database whose strings are not UTF-8."""
    name = f"in_{request.param.lower()}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} ENCODING '{request.param}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'".encode()
        )
    apply(named(server, name), migrations("documented", "0028"))
    yield name
    server.drop_database(name)


def test_the_outcomes_are_those_of_a_database_in_utf_8(server: Server, encoded: str) -> None:
    usual = f"usual_{encoded}"
    server.create_database(usual, template=conforming(server))
    found = told(looked(named(server, encoded), contract()))
    assert found == told(looked(named(server, usual), contract()))
    assert check(named(server, encoded)).verdict == "pass"


def test_a_name_that_is_no_utf_8_is_said(server: Server) -> None:
    """A database without an encoding gives its bytes as they are."""
    name = "bytes_as_they_are"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'".encode()
        )
    url = named(server, name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(b'CREATE TABLE agents (id uuid, "na\xefve" text)')
    with pytest.raises(CannotEvaluate, match='invalid byte sequence for encoding "UTF8"'):
        check(url)
    server.drop_database(name)


@pytest.mark.parametrize(
    "name",
    ["\x01", "a\nb", "a\tb", "\x7f\x1b[31m", "]]>", "<&>", "%s", "%(x)s", "€", "\U0001f4a9", "\u202e", "' OR 1=1 --"],
)
def test_names_that_hold_anything(bench: Bench, name: str) -> None:
    """As a constraint's, a trigger's, an index's and a column's name."""
    quoted = '"' + name.replace('"', '""') + '"'
    script = f"""
        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
        ALTER TABLE approval_requests ADD COLUMN {quoted} text;
        ALTER TABLE approval_requests ADD CONSTRAINT {quoted} CHECK (request_type IN ('plan', 'risky_task', 'x')
            AND ({quoted} IS NULL OR {quoted} <> 'x'));
        ALTER TRIGGER agent_documents_updated_at ON agent_documents RENAME TO {quoted};
        ALTER INDEX agents_name_key RENAME TO {quoted};
    """
    outcomes = bench.outcomes(script)
    assert (outcomes[f"{REQUEST}/accepts"].verdict, outcomes[f"{REQUEST}/one-of"].verdict) == ("pass", "fail")
    assert name in outcomes[f"{REQUEST}/one-of"].observed
    assert outcomes["0015/agents.name/unique"].object == name
    assert outcomes["0013/agent_documents.updated_at/trigger"].object == name


@pytest.mark.parametrize("value", ["a'b", 'a"b', "a\\b", "{a,b}", "%s", "NULL", "", " ", "a\nb", "€", "E'\\x41'"])
def test_values_that_hold_anything(bench: Bench, value: str) -> None:
    """A third value in the CHECK is found, however it is written."""
    literal = "'" + value.replace("'", "''") + "'"
    script = f"""
        SET LOCAL standard_conforming_strings = on;
        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
        ALTER TABLE approval_requests ADD CHECK (request_type IN ('plan', 'risky_task', {literal}));
    """
    outcome = bench.outcome(script, f"{REQUEST}/one-of")
    assert (outcome.verdict, [finding.witness for finding in outcome.findings]) == ("fail", [value])
