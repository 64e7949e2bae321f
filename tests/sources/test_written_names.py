"""Names that are anybody's, written into the statement that reads the catalog: of tables in somebody's contract, of schemas
on a search_path. They are read as they are, and nothing in them is run."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from judged import named
from psycopg import sql

from conformance import check
from conformance.errors import ContractError, UsageError
from conformance.model.sql import text_array
from conformance.options import Options
from conformance.sandbox import Server
from conformance.sources.opening import catalog_query
from conformance.taken import statement

RUNS = "\n; ROLLBACK; CREATE TABLE public.ran (); SELECT 1; --"
NAMES = [
    'quo"te', "quo'te", "back\\slash", "end\\", "a,b", "{a}", "%", "a%%b", "%s", "%(names)s", "%(path)s", "NULL", " ",
    "$statement$", "$$", "{statement}", "{schema} {path}", "tab\t", "return\r; SELECT 1", "-- comment", "/*", "*/", "é目😀",
    "\x01\x7f\u2028", "E'", "\\x27", "\\\\'", ":name", RUNS,
]  # fmt: skip


def written(folder: Path, *names: str) -> Path:
    """A contract that asks for these tables."""
    file = folder / "acme.toml"
    subjects = (json.dumps(f"acme/0028/{name}", ensure_ascii=False).replace("\x7f", "\\u007f") for name in names)
    file.write_text("".join(f"[{subject}]\ntable = {{}}\n" for subject in subjects), encoding="utf-8")
    return file


@pytest.mark.parametrize("conforming", ["on", "off"])
@pytest.mark.parametrize("major", [16, 18])
def test_a_constant_holds_what_was_written(request: pytest.FixtureRequest, major: int, conforming: str) -> None:
    server: Server = request.getfixturevalue("server" if major == 18 else "older_server")
    with psycopg.connect(server.url, client_encoding="utf8") as connection:
        connection.execute(f"SET standard_conforming_strings = {conforming}".encode())
        found = connection.execute(f"SELECT {text_array(NAMES)}::text[], {text_array([])}::text[]".encode())
        assert found.fetchall() == [(NAMES, [])]


def test_what_is_written_stays_on_its_line() -> None:
    with_names = catalog_query([RUNS, "\r", "$statement$%(path)s"], [RUNS])
    assert with_names.count("\n") == catalog_query([], []).count("\n")
    assert not set("\r$%") & set(with_names.partition("LATERAL")[0])


@pytest.mark.parametrize("major", [16, 18])
def test_tables_of_any_name_are_found(request: pytest.FixtureRequest, tmp_path: Path, major: int) -> None:
    server: Server = request.getfixturevalue("server" if major == 18 else "older_server")
    tables = [name for name in NAMES if not set("./+") & set(name)]
    url = server.create_database(f"written_{major}")
    with psycopg.connect(url, autocommit=True) as owner:
        for name in tables:
            owner.execute(sql.SQL("CREATE TABLE {} ()").format(sql.Identifier(name)))
        owner.execute('DROP TABLE "a%%b"; CREATE TABLE "a%b" ()')
    options = Options(contract=(written(tmp_path, *tables),), select=("acme/*",))
    found = check(url, options)
    missing = [o.requirement.table for o in found.outcomes if o.verdict == "fail"]
    assert (len(found.outcomes), missing) == (len(tables), ["a%%b"])
    with psycopg.connect(url) as connection:
        [(value,)] = connection.execute(statement(options).encode()).fetchall()
    pasted = tmp_path / "pasted.json"
    pasted.write_text(json.dumps(value), encoding="utf-8")
    again = check(str(pasted), options)
    assert [(o.requirement.id, o.verdict) for o in again.outcomes] == [
        (o.requirement.id, o.verdict) for o in found.outcomes
    ]


def test_schemas_of_any_name_are_looked_in_and_nothing_of_them_is_run(server: Server, database: str) -> None:
    url = named(server, database)
    path = sql.SQL(", ").join(map(sql.Identifier, [*NAMES, "public"]))
    with psycopg.connect(url, autocommit=True) as owner:
        for name in NAMES:
            owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        owner.execute(sql.SQL("ALTER TABLE agents SET SCHEMA {}").format(sql.Identifier(NAMES[-1])))
        owner.execute(sql.SQL("ALTER DATABASE {} SET search_path = {}").format(sql.Identifier(database), path))
    report = check(url)
    assert (report.verdict, report.target.schemas) == ("pass", (*NAMES, "public"))
    agents = next(o for o in report.outcomes if o.requirement.id == "0001/agents/table")
    assert agents.verdict == "pass"
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT pg_catalog.to_regclass('public.ran')").fetchall() == [(None,)]


def test_no_name_holds_nul(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as raised:
        check("postgresql://nobody@127.0.0.1:1/none", contract=(written(tmp_path, "nu\0l"),))
    assert raised.value.problems[0].endswith("acme.toml:1: 'nu\\x00l' holds the character NUL, which no name may")


def test_bytes_that_are_no_text_are_no_schema(server: Server) -> None:
    """As a shell gives them: `--schema $'\\xff'`."""
    with pytest.raises(UsageError, match="has no schema of this name"):
        check(server.url, schema="\udcff")
