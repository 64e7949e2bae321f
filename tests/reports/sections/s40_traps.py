"""How often a trap in a database that means harm is sprung by what is run there, as a superuser and as a role that may
read."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import psycopg
from compatibility import table
from minefield import Minefield, laid
from traps import TRAPS

from conformance.cli import main

TITLE = "Traps that were sprung"
_COMMANDS = ("check", "audit", "snapshot", "level", "repair")
_ABOUT = """\
Every place where a look could run an owner's code holds a trap (`tests/harm/traps.py`). Each is sprung by hand, which
shows that it works, and then everything is run there as a superuser and as a role that may read. A login trigger
(PostgreSQL 17 and newer) runs before any statement of ours: that is said in the report. Not tried, since no server that
is at hand has them: foreign tables, whose wrappers are written in C, and a base type's input, which needs C as well.

"""


def _by_hand(field: Minefield, trap: str) -> int:
    with field.listening() as sprung, psycopg.connect(field.url) as victim:
        with suppress(psycopg.Error):
            victim.execute(TRAPS[trap].wake.encode())
        victim.rollback()
    return int(trap in sprung)


def _sprung(field: Minefield, command: str) -> list[str]:
    with field.listening() as sprung, Path(os.devnull).open("w") as nowhere:
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            codes = [main([command, url, "--schema", "public"]) for url in field.roles.values()]
        assert set(codes) <= {0, 1, 3}
    return sprung


def text(_: Callable[[str], Any]) -> str:
    """A row a trap."""
    with laid() as field:
        by_hand = {trap: _by_hand(field, trap) for trap in TRAPS}
        found = {command: _sprung(field, command) for command in _COMMANDS}
    rows = [(trap, str(by_hand[trap]), *(str(found[command].count(trap)) for command in _COMMANDS)) for trap in TRAPS]
    return _ABOUT + table(("trap", "by hand", *_COMMANDS), *rows)
