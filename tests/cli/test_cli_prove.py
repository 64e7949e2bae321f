"""`conformance prove`: what is given reaches the run, what comes of it reaches the files, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import psycopg
import pytest
from looking import Conformance

from conformance.cli import main
from conformance.fixtures_of import migrations
from conformance.sandbox import Server

ROOT = Path(__file__).parent.parent.parent
KEY = "0015/agents.name/unique"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's migrations, whose last one takes the key of the names away."""
    there = tmp_path / "history"
    there.mkdir()
    for file in migrations("documented", "0028"):
        (there / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    more = "ALTER TABLE agents DROP CONSTRAINT agents_name_key;\n"
    (there / "0028_zz_no_key.sql").write_text(more, encoding="utf-8")
    return there


def ours(server: Server) -> list[str]:
    """The databases of runs on this server."""
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'conformance\\_prove%'"
        ).fetchall()
    return [str(row[0]) for row in rows]


def test_a_users_migrations_are_provoked_and_reported(
    conformance: Conformance, folder: Path, tmp_path: Path, server: Server
) -> None:
    files = "--format json -o report.json --format junit -o report.xml --format text"
    done = conformance(
        "prove",
        "--migrations",
        str(folder),
        "--select",
        "0015/*",
        "--server",
        server.url,
        "--examples",
        "5",
        *files.split(),
    )
    assert done.returncode == 1, done.stderr
    assert f"FAIL must  {KEY}" in done.stdout
    assert "script    BEGIN;" in done.stdout
    assert ours(server) == []
    report = json.loads((tmp_path / "report.json").read_text())
    jsonschema.validate(report, json.loads((ROOT / "reports" / "report.schema.json").read_text()))
    (outcome,) = (outcome for outcome in report["outcomes"] if outcome["id"] == KEY)
    assert (outcome["plane"], outcome["verdict"]) == ("behaviour", "fail")
    assert outcome["findings"][0]["script"].count("INSERT INTO agents") == 2
    assert {entry["id"]: entry["entry"] for entry in report["enforcement"]} == {
        "0015/agents.name/no-duplicates": "gets in",
        "0015/agents.name/no-near-duplicates": "gets in",
    }
    assert "INSERT INTO agents" in (tmp_path / "report.xml").read_text()


def test_the_text_is_as_it_was_agreed(conformance: Conformance, folder: Path) -> None:
    """`CONFORMANCE_UPDATE_GOLDEN=1` writes the file anew."""
    done = conformance("prove", "--migrations", str(folder), "--select", KEY, "--select", "0015/*", "--seed", "3")
    head, _, rest = done.stdout.partition("migration 0015\n")
    text = "migration 0015\n" + rest
    assert "seed 3" in " ".join(head.split())
    file = Path(__file__).parent / "golden" / "prove.txt"
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        "--examples 0",
        "--examples many",
        "--seed x",
        "--effort heroic",
        "--sandbox cloud",
        "--migrations nowhere",
        "--server nonsense",
        "--server postgresql://nobody@localhost/x --sandbox embedded",
        "--server postgresql://nobody@localhost/x --image postgres:17",
        "--sandbox embedded --image postgres:17",
        "--select */index",
        "--schema public",
        "postgresql://nobody@localhost/x --migrations nowhere",
        "README.md",
        "mysql://nobody@localhost/x",
    ],
)
def test_a_call_that_is_wrong_is_said_before_anything_is_run(
    arguments: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", *arguments.split()]) == 2
    assert capsys.readouterr().err.startswith("conformance: ")


def test_a_migration_that_fails_is_no_verdict(conformance: Conformance, tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE agents (id nonsense)")
    done = conformance("prove", "--migrations", str(tmp_path))
    assert done.returncode == 3
    assert "0001_first.sql could not be applied" in done.stderr


def test_a_server_that_is_not_there_is_no_verdict(conformance: Conformance) -> None:
    done = conformance("prove", "--server", "postgresql://ann:s3cret@127.0.0.1:1/x")
    assert done.returncode == 3
    assert "s3cret" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_on_the_server(server: Server, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "conformance", "prove", "--server", server.url, "--examples", "500"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        until = time.monotonic() + 60
        while not any(name.endswith("_world") for name in ours(server)) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)
        running.send_signal(number)
        try:
            running.communicate(timeout=60)
        finally:
            running.kill()
        assert running.returncode == (130 if number == signal.SIGINT else 143)
    assert ours(server) == []
