"""The statement that anybody pastes: its value, judged elsewhere, gives the outcomes of a look at the database."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from judged import conforming, named, told

from conformance import check
from conformance.cli import main
from conformance.errors import ConformanceError, UsageError
from conformance.model.outcome import Outcome
from conformance.options import Options
from conformance.sandbox import Server
from conformance.sandbox.binaries import embedded_binaries
from conformance.sources.pasted import found_in, read
from conformance.taken import statement

DEFECTS = Path(__file__).parent.parent.parent / "fixtures" / "defects"
STATEMENT = statement(Options())


@pytest.fixture
def own(server: Server, database: str) -> str:
    return named(server, database)


def pasted(url: str, text: str = STATEMENT, **given: Any) -> str:
    """The one value of the one row, as a client gets it."""
    with psycopg.connect(url, **given) as connection:
        rows = connection.execute(text.encode()).fetchall()
    ((value,),) = rows
    return json.dumps(value)


def in_file(text: str, folder: Path) -> str:
    file = folder / "pasted.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def apart(url: str, file: str, profile: str = "documented", through: str = "0028") -> list[tuple[Outcome, Outcome]]:
    """The outcomes that differ: at the database, and from the file."""
    there = check(url, profile=profile, through=through).outcomes
    here = check(file, profile=profile, through=through).outcomes
    return [(one, other) for one, other in zip(there, here, strict=True) if told([one]) != told([other])]


@pytest.mark.parametrize("major", [16, 18])
@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_psql_prints_what_check_judges(
    request: pytest.FixtureRequest, tmp_path: Path, major: int, profile: str
) -> None:
    running: Server = request.getfixturevalue("server" if major == 18 else "older_server")
    url = named(running, conforming(running, profile))
    file, out = tmp_path / "s.sql", tmp_path / "out.json"
    assert main(["snapshot", "--sql", "-o", str(file)]) == 0
    psql = str(embedded_binaries(major).program("psql"))
    values = set()
    for options in (["-X"], ["-X", "--csv"], ["-Xx"], ["-XAtq"]):
        done = subprocess.run([psql, *options, "-f", str(file), url], capture_output=True, check=True)
        assert done.stderr == b""
        value = found_in(done.stdout.decode())
        assert value is not None
        document = json.loads(json.loads(value)["document"])
        values.add(json.dumps({**document, "taken": ""}))
        assert read(file, value).tool == document["tool"]
    assert len(values) == 1
    out.write_bytes(done.stdout)
    assert check(str(out), profile=profile).exit_code == 0
    assert "by a pasted statement" in check(str(out)).target.origin
    assert apart(url, str(out), profile) == []
    assert apart(url, str(out), "documented", "0018") == []


@pytest.mark.parametrize("kind", sorted(folder.name for folder in DEFECTS.iterdir() if folder.is_dir()))
def test_a_defect_is_seen_from_afar_or_said_to_be_unseen(server: Server, tmp_path: Path, kind: str) -> None:
    scenes = ("near_miss", "violation") if kind in ("check", "default", "one_of") else ("violation",)
    for scene in scenes:
        url = server.create_database(f"scene_{uuid4().hex}", template=conforming(server))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((DEFECTS / kind / f"{scene}.sql").read_text(encoding="utf-8").encode())
        for there, here in apart(url, in_file(pasted(url), tmp_path)):
            assert here.verdict == "indeterminate", (scene, there, here)
            assert "there is no server to ask" in here.note


def test_the_keys_of_a_lookup_table_are_not_read(own: str, tmp_path: Path) -> None:
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE kinds (kind text PRIMARY KEY); INSERT INTO kinds VALUES ('rule'), ('skill');"
            "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type;"
            "ALTER TABLE agent_documents ADD FOREIGN KEY (doc_type) REFERENCES kinds"
        )
    found = apart(own, in_file(pasted(own), tmp_path))
    assert {(there.verdict, here.verdict) for there, here in found} == {("fail", "indeterminate")}
    assert "reads no rows, and so no key of kinds" in found[0][1].note


HOSTILE = """
CREATE SCHEMA evil;
CREATE TABLE evil.ran (what text);
CREATE FUNCTION evil.runs(oid, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'it ran'; END $$;
CREATE FUNCTION evil.runs(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'it ran'; END $$;
CREATE FUNCTION evil.runs(smallint, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'it ran'; END $$;
CREATE FUNCTION evil.joins(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'it ran'; END $$;
CREATE OPERATOR evil.>= (LEFTARG = oid, RIGHTARG = integer, PROCEDURE = evil.runs);
CREATE OPERATOR evil.> (LEFTARG = smallint, RIGHTARG = integer, PROCEDURE = evil.runs);
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, PROCEDURE = evil.runs);
CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, PROCEDURE = evil.runs);
CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, PROCEDURE = evil.joins);
"""


def test_it_runs_nobodys_code_where_a_search_path_leads_astray(own: str, tmp_path: Path) -> None:
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(HOSTILE.encode())
        connection.execute("SET search_path = evil, pg_catalog, public")
        with pytest.raises(psycopg.errors.RaiseException, match="it ran"):
            connection.execute("SELECT 'a'::text = 'b'::text")
        connection.execute("SET quote_all_identifiers = on; SET standard_conforming_strings = off; SET datestyle = SQL")
        value = connection.execute(STATEMENT.encode()).fetchall()[0][0]
        assert connection.execute("SHOW search_path").fetchall() == [("evil, pg_catalog, public",)]
        assert connection.execute("SHOW quote_all_identifiers").fetchall() == [("on",)]
    given = in_file(json.dumps(value), tmp_path)
    url = own + "&options=-csearch_path%3Devil%2Cpg_catalog%2Cpublic"
    assert apart(url, given) == []


@pytest.mark.parametrize("name", ['a"b', "a'b", "a\\b", "a\n-- b\nc", "a,b", "{a}", "$statement$", "%(path)s", "é"])
def test_the_name_of_a_schema_is_inert(own: str, tmp_path: Path, name: str) -> None:
    quoted = psycopg.sql.Identifier(name)
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(quoted))
        connection.execute(psycopg.sql.SQL("ALTER TABLE agents SET SCHEMA {}").format(quoted))
        connection.execute(psycopg.sql.SQL("SET search_path = {}, public").format(quoted))
        value = connection.execute(STATEMENT.encode()).fetchall()[0][0]
    found = check(in_file(json.dumps(value), tmp_path))
    assert found.target.schemas == (name, "public")
    assert (found.exit_code, {o.object for o in found.outcomes if o.verdict == "fail"}) == (0, set())


def test_one_schema_is_looked_in_where_it_is_asked_for(own: str, tmp_path: Path) -> None:
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "It\'s\\"; ALTER TABLE agents SET SCHEMA "It\'s\\"')
    asked = statement(Options(schema="It's\\"))
    file = in_file(pasted(own, asked), tmp_path)
    there, here = check(own, schema="It's\\"), check(file)
    assert told(there.outcomes) == told(here.outcomes)
    with pytest.raises(UsageError, match=r"has no schema nowhere"):
        check(in_file(pasted(own, statement(Options(schema="nowhere"))), tmp_path))


def test_it_needs_no_more_than_to_connect_and_writes_nothing(own: str, tmp_path: Path) -> None:
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS paster; CREATE ROLE paster LOGIN")
    url = own.replace("postgres@", "paster@", 1)
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        value = connection.execute(STATEMENT.encode()).fetchall()[0][0]
    assert apart(url, in_file(json.dumps(value), tmp_path)) == []


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_other_encodings(server: Server, tmp_path: Path, encoding: str) -> None:
    name = f"encoded_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'")
    url = named(server, name)
    with psycopg.connect(url, autocommit=True, client_encoding="utf8") as connection:
        connection.execute("CREATE TABLE prompts (name text CHECK (name <> 'é'), version integer)")
    for there, here in apart(url, in_file(pasted(url, client_encoding="utf8"), tmp_path)):
        assert here.verdict == "indeterminate", (there, here)


def test_a_level_is_told_of_it(own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["level", in_file(pasted(own), tmp_path), "--profile", "documented"]) == 0
    assert "reached: 0028, cleanly" in capsys.readouterr().out


def test_two_of_one_structure_differ_in_their_time_alone(own: str) -> None:
    one, other = (json.loads(json.loads(pasted(own))["document"]) for _ in range(2))
    assert {**one, "taken": ""} == {**other, "taken": ""}


# --- what is not what the statement gave ---


@pytest.fixture(scope="module")
def taken(server: Server) -> str:
    return pasted(named(server, conforming(server)))


def redone(text: str, change: Callable[[Any], None]) -> str:
    """The value with a change in its document, of which its digest knows."""
    outer = json.loads(text)
    document = json.loads(outer["document"])
    change(document)
    outer["document"] = json.dumps(document)
    outer["digest"] = sha256(outer["document"].encode()).hexdigest()
    return json.dumps(outer)


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda text: text[: len(text) // 2], "was changed or cut on its way"),
    "a letter changed": (lambda text: text.replace("approval_requests", "approval-requests", 1), "was changed or cut"),
    "another version": (lambda text: text.replace('"version": 2', '"version": 1', 1), "a statement of another version"),
    "no document": (lambda _: '{"format": "astra-conformance-pasted", "version": 2}', "was changed or cut"),
    "nested without end": (
        lambda _: '{"format": "astra-conformance-pasted", "a": ' + "[" * 99_999 + "}",
        "was changed",
    ),
    "a part missing": (lambda text: redone(text, lambda d: d.pop("found")), "it holds what no server gives"),
    "an old server": (lambda text: redone(text, lambda d: d.update(version="11.5")), "12 is the oldest"),
    "a wrong type": (lambda text: redone(text, lambda d: d.update(encoding=8)), "encoding: it should hold str"),
}


@pytest.mark.parametrize("words", SPOILT)
def test_what_is_not_what_the_statement_gave_is_refused(taken: str, tmp_path: Path, words: str) -> None:
    spoil, message = SPOILT[words]
    with pytest.raises(UsageError, match=message):
        check(in_file(spoil(taken), tmp_path))


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from places(node[key])


def test_no_document_of_anybodys_ends_in_a_traceback(taken: str, tmp_path: Path) -> None:
    dice = random.Random(7)
    for _ in range(25):

        def change(document: Any) -> None:
            for _ in range(dice.randint(1, 3)):
                node, key = dice.choice(list(places(document)))
                node[key] = dice.choice([None, 0, -1, 10**30, "", "x", True, [], {}, [[]], ["a", "b"], {"a": 1}])

        try:
            check(in_file(redone(taken, change), tmp_path))
        except ConformanceError:
            continue
