"""What stands in for an extension does as the extension does, says so, and is nowhere but on a server of ours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from history.histories import Edit, by_id, failing, replayed, written

from conformance.errors import CannotEvaluate
from conformance.options import Options
from conformance.proving import prove
from conformance.sandbox import Server
from conformance.sources.stand_ins import lacking, provided, stood_in
from conformance.testbed import schema_of

SAID = "the server lacks the extension uuid-ossp: functions of the tool's own stand in for it"
DRAWN = "\nALTER TABLE agents ALTER id SET DEFAULT uuid_generate_v4();"


@pytest.fixture
def connection(server: Server) -> Iterator[psycopg.Connection]:
    url = server.create_database("stand_ins")
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            query = "SELECT FROM pg_available_extensions WHERE name = 'uuid-ossp'"
            if connection.execute(query).rowcount:
                pytest.skip("this server has uuid-ossp")
            yield connection
    finally:
        server.drop_database("stand_ins")


def run(connection: psycopg.Connection, text: str) -> None:
    connection.execute(provided(connection, text).encode())


def answer(connection: psycopg.Connection, expression: str) -> object:
    row = connection.execute(f"SELECT {expression}".encode()).fetchone()
    assert row is not None
    return row[0]


def test_its_functions_give_what_those_of_the_extension_give(connection: psycopg.Connection) -> None:
    run(
        connection, '-- ids\nCREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;\nSELECT uuid_generate_v4();'
    )
    assert stood_in(connection) == ("uuid-ossp",)
    for name in ("www.example.com", "", "ü"):
        expected = uuid.uuid3(uuid.NAMESPACE_DNS, name)
        assert answer(connection, f"uuid_generate_v3(uuid_ns_dns(), '{name}')") == expected
    for space in ("DNS", "URL", "OID", "X500"):
        assert answer(connection, f"uuid_ns_{space.lower()}()") == getattr(uuid, f"NAMESPACE_{space}")
    assert answer(connection, "uuid_nil()") == uuid.UUID(int=0)
    for call, version in (("v1()", 1), ("v1mc()", 1), ("v4()", 4)):
        found = answer(connection, f"uuid_generate_{call}")
        assert isinstance(found, uuid.UUID)
        assert (found.version, found.variant) == (version, uuid.RFC_4122)
    with pytest.raises(psycopg.Error) as told:
        answer(connection, "uuid_generate_v5(uuid_nil(), 'x')")
    assert lacking(str(told.value)) == "uuid-ossp"


def test_it_is_created_and_dropped_as_an_extension_is(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA elsewhere")
    run(connection, 'create extension "uuid-ossp" schema elsewhere')
    assert answer(connection, "elsewhere.uuid_nil()") == uuid.UUID(int=0)
    run(connection, 'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
    with pytest.raises(psycopg.errors.DuplicateObject, match="already exists"):
        run(connection, 'CREATE EXTENSION "uuid-ossp";')
    with pytest.raises(psycopg.errors.DependentObjectsStillExist):
        connection.execute("DROP FUNCTION elsewhere.uuid_nil()")
    connection.execute('DROP EXTENSION "uuid-ossp"')
    assert answer(connection, "to_regproc('elsewhere.uuid_nil')") is None
    run(connection, 'CREATE EXTENSION "uuid-ossp"')
    connection.execute("DROP SCHEMA public CASCADE")
    assert stood_in(connection) == ()


@pytest.mark.parametrize(
    "text",
    [
        "CREATE EXTENSION postgis;",
        "SELECT 'CREATE EXTENSION \"uuid-ossp\"';",
        'COMMENT ON EXTENSION "uuid-ossp" IS NULL;',
        'CREATE EXTENSION "uuid-ossp-more";',
        'DROP EXTENSION IF EXISTS "uuid-ossp";',
    ],
)
def test_all_else_is_let_be(connection: psycopg.Connection, text: str) -> None:
    assert provided(connection, text) == text


def test_a_history_that_needs_it_is_replayed_and_it_is_said(
    server: Server, tmp_path: Path, connection: psycopg.Connection
) -> None:
    edit = Edit("0001", f'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";{DRAWN}')
    report = replayed(server, written(tmp_path / "history", edit, through="0002"), ignore=("live-traffic",))
    assert failing(report) == {}
    assert report.exit_code == 0
    assert SAID in report.remarks


def test_what_it_cannot_do_is_not_examined(server: Server, tmp_path: Path, connection: psycopg.Connection) -> None:
    call = "SELECT uuid_generate_v5(uuid_nil(), 'x');"
    edit = Edit("0001", f'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\n{call}')
    found = by_id(replayed(server, written(tmp_path / "history", edit, through="0001"), select=("steps",)))
    assert found["0001/steps"].verdict == "indeterminate"
    assert "lacks the extension uuid-ossp" in found["0001/steps"].note


def test_a_schema_that_needs_it_is_provoked_and_it_is_said(tmp_path: Path, connection: psycopg.Connection) -> None:
    edit = Edit("0001", f'CREATE EXTENSION "uuid-ossp";{DRAWN}')
    folder = written(tmp_path / "history", edit, through="0001")
    report = prove(folder, through="0012", select=("0001/agents.id/*",), examples=1)
    assert {outcome.verdict for outcome in report.outcomes} == {"pass"}
    assert SAID in report.remarks


def test_nothing_stands_in_on_a_server_that_is_lent(
    server: Server, tmp_path: Path, connection: psycopg.Connection
) -> None:
    folder = written(tmp_path / "history", Edit("0001", 'CREATE EXTENSION "uuid-ossp";'), through="0001")
    url = server.create_database("lent_to_us")
    try:
        with pytest.raises(CannotEvaluate, match='extension "uuid-ossp" is not available'):
            schema_of(Options(through="0012"), folder).build(url, False)
    finally:
        server.drop_database("lent_to_us")


def test_what_nothing_stands_in_for_is_said_with_the_way_out(tmp_path: Path) -> None:
    folder = written(tmp_path / "history", Edit("0001", "CREATE EXTENSION postgis;"), through="0001")
    with pytest.raises(CannotEvaluate) as told:
        prove(folder, through="0012", examples=1)
    for words in ("lacks the extension postgis, so that nothing was examined", "0001_", "--image NAME"):
        assert words in str(told.value)
