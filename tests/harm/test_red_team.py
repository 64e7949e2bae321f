"""No trap is sprung, whatever is run and by whom; and each of them works."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from filled import run
from minefield import Minefield
from traps import TRAPS

from conformance.cli import main

COMMANDS = {
    "check": ("check",),
    "audit": ("audit", "--show-values", "--distrust-indexes"),
    "audit of a sample": ("audit", "--sample", "50%"),
    "snapshot": ("snapshot",),
    "level": ("level",),
    "repair": ("repair",),
    "diff": ("diff",),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_works(minefield: Minefield, trap: str) -> None:
    with minefield.listening() as sprung, psycopg.connect(minefield.url) as victim:
        with contextlib.suppress(psycopg.Error):
            victim.execute(TRAPS[trap].wake.encode())
        victim.rollback()
    assert trap in sprung


@pytest.mark.parametrize("who", ["a superuser", "an ordinary role"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_trap_is_sprung(
    minefield: Minefield, command: str, who: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = minefield.roles[who]
    words = [*COMMANDS[command], url, *([url] if command == "diff" else []), "--schema", "public"]
    with minefield.listening() as sprung:
        code = main(words)
    said = capsys.readouterr()
    assert sprung == []
    assert code in (0, 1, 3), said.err
    assert "internal error" not in said.err
    assert len(said.out) > 500 or command == "diff"


LOGIN = """
CREATE FUNCTION public.at_login() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.spring('a login trigger'); END $$;
CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION public.at_login();
"""


@pytest.fixture
def login_trigger(minefield: Minefield) -> Iterator[None]:
    run(minefield.url, LOGIN)
    yield
    run(minefield.url, "DROP EVENT TRIGGER at_login; DROP FUNCTION public.at_login()")


@pytest.mark.parametrize("who", ["a superuser", "an ordinary role"])
@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.usefixtures("login_trigger")
def test_a_login_trigger_is_said(
    minefield: Minefield, command: str, who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It runs before any statement of ours, and nobody can keep it from that; once a session, and nothing else does."""
    with minefield.listening() as sprung:
        main([command, minefield.roles[who], "--schema", "public", "--format", "json"])
    remarks = json.loads(capsys.readouterr().out)["remarks"]
    assert set(sprung) == {"a login trigger"}
    assert any("a login trigger, which ran its owner's code" in remark for remark in remarks)
    assert any("is a superuser" in remark for remark in remarks) == (who == "a superuser")


@pytest.mark.parametrize("of", ["pg_execute_server_program", "pg_write_server_files", "pg_read_server_files"])
def test_who_may_reach_the_machine_is_warned(minefield: Minefield, of: str, capsys: pytest.CaptureFixture[str]) -> None:
    def remarks() -> list[str]:
        main(["check", minefield.roles["an ordinary role"], "--schema", "public", "--format", "json"])
        return [r for r in json.loads(capsys.readouterr().out)["remarks"] if "may run programs or use files" in r]

    assert remarks() == []
    run(minefield.url, f"CREATE ROLE between; GRANT {of} TO between; GRANT between TO visitor")
    try:
        assert [remark.partition(" ")[0] for remark in remarks()] == ["visitor"]
    finally:
        run(minefield.url, "DROP ROLE between")
