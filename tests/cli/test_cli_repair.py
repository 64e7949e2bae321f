"""`conformance repair`: the script, what is said of what is left out, the exit codes, and that nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from looking import Conformance

from conformance.cli import main
from conformance.sandbox import Server

UNIQUE = "0015/agents.name/unique"


@pytest.fixture
def departing(server: Server, database: str) -> Iterator[str]:
    """The URL of a copy of the conforming database in which names of agents are not unique."""
    url = server.create_database("repair_command", template=urlsplit(database).path[1:])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE agents DROP CONSTRAINT agents_name_key CASCADE")
    yield url
    server.drop_database("repair_command")


def test_a_database_that_conforms_needs_nothing(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", database]) == 0
    out, err = capsys.readouterr()
    assert "Nothing is mended, 0 left out" in out
    assert all(line.startswith("--") for line in out.splitlines() if line)
    assert err == "0 mended, 0 left out\n"


def test_the_script_is_written_and_the_database_is_not(
    departing: str, tmp_path: Path, conformance: Conformance
) -> None:
    before = _written(departing)
    done = conformance("repair", departing, "-o", "repair.sql")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 mended, 0 left out" in done.stderr
    assert "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS" in (tmp_path / "repair.sql").read_text()
    assert _written(departing) == before
    assert conformance("lint", "--strict", "--select", "A*", "repair.sql").returncode == 0


def _written(url: str) -> object:
    """Which rows there are, and which transaction wrote each: of all that a repair could write to."""
    tables = ("agents", *(f"pg_catalog.pg_{name}" for name in ("attribute", "constraint", "index", "proc", "trigger")))
    seen = (f"(SELECT string_agg(ctid::text || xmin::text, ' ' ORDER BY ctid) FROM {table})" for table in tables)
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT {', '.join(seen)}".encode()).fetchone()


def test_what_rows_stop_is_left_out_and_said(departing: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(departing, autocommit=True) as connection:
        connection.execute("INSERT INTO agents (name) VALUES ('twice'), ('twice')")
    assert main(["repair", departing]) == 1
    out, err = capsys.readouterr()
    assert "CREATE UNIQUE" not in out
    for text in (out, err):
        flat = " ".join(text.replace("--", " ").split())
        assert f"{UNIQUE}: rows that are there depart: 1 × rows that agree in name" in flat
    assert main(["repair", departing, "--ignore", UNIQUE]) == 0
    for text in capsys.readouterr():
        assert f"1 departure waived or not selected, not mended either: {UNIQUE}" in " ".join(
            text.replace("--", "").split()
        )


def test_rows_that_may_not_be_read_are_said_and_never_a_pass(
    server: Server, departing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(departing, autocommit=True) as connection:
        connection.execute("CREATE ROLE repair_reader LOGIN")
    reader = departing.replace("postgres@", "repair_reader@")
    assert main(["repair", reader, "--schema", "public"]) == 3
    out, err = capsys.readouterr()
    assert "Not looked for." in out
    assert f"not looked for  {UNIQUE}" in err


def test_a_snapshot_is_repaired_without_its_rows(
    departing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snapshot", departing, "-o", str(tmp_path / "astra.json")]) == 0
    assert main(["repair", str(tmp_path / "astra.json"), "-o", str(tmp_path / "repair.sql")]) == 3
    assert "a snapshot does not say" in " ".join(capsys.readouterr().err.split())
    assert "CREATE UNIQUE INDEX CONCURRENTLY" in (tmp_path / "repair.sql").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["repair"], 2, "SOURCE"),
        (["repair", "postgresql://nobody@127.0.0.1:1/astra"], 3, "nothing listens"),
        (["repair", "postgresql://nobody@127.0.0.1:1/astra", "--select", "nothing"], 2, "matches no requirement"),
        (["repair", "postgresql://nobody@127.0.0.1:1/astra", "-o", "nowhere/repair.sql"], 2, "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
