"""What becomes of a run when its network or its server fails: each way to fail, in each part of a run, tried on a
database in which nearly everything departs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from compatibility import TESTS, table
from faulty import Ending, Look, all_of, endings, judge, verdicts
from filled import own_world, run
from wire import KINDS, Fault

from conformance.model.looking import Looking
from conformance.run import audit, check
from conformance.sources import opening
from conformance.sources.connection import Connection

TITLE = "Faults and verdicts"
_ABOUT = """\
A network of ours fails at one message that the server sends, or the server ends the session or cancels what it runs.
`tests/faults` tries every message of both directions, and beside these: DDL, rows that change and a server that crashes
between any two statements, Ctrl-C at any message (130), a full disk (3) and nobody who reads (the code of the verdict).
A verdict that is not the database's own, a pass of what was not seen, a traceback, a run that waits for ever, a session
that is left behind: 0.

"""
_LOOKS: dict[str, Look] = {
    "check": lambda url: check(url, schema="public"),
    "audit": lambda url: audit(url, schema="public", select=("0002/*", "0028/*"), looking=Looking(statement_timeout=2)),
}
_PARTS = {("check", "connecting"): 0.0, ("check", "the catalog"): 0.9, ("audit", "the rows"): 0.6}


def _words(ending: Ending, true: dict[tuple[str, str], str]) -> str:
    judge(ending, true)
    if ending.report is None:
        return f"no report, exit {ending.code}"
    if verdicts(ending.report) == true:
        return f"as without it, exit {ending.code}"
    return f"what was seen is kept, the rest indeterminate, exit {ending.code}"


def _rows(url: str) -> Iterator[tuple[str, ...]]:
    true = {name: verdicts(look(url)) for name, look in _LOOKS.items()}
    counts = {name: sum(fault.way == "server" for fault in all_of(url, look, [""])) for name, look in _LOOKS.items()}
    for kind, words in KINDS.items():
        if kind == "lost":  # what comes of it hangs on what the message says
            continue
        faults = [(name, Fault("server", int(counts[name] * part), kind)) for (name, _), part in _PARTS.items()]
        found = [(name, next(iter(endings(url, _LOOKS[name], [fault])))) for name, fault in faults]
        yield words, *(_words(ending, true[name]) for name, ending in found)


def text(fixture: Callable[[str], Any]) -> str:
    """A row a way to fail."""
    hurried = {**opening.CONNECTING, "connect_timeout": 2}
    with (
        own_world(fixture("server")) as url,
        mock.patch.object(opening, "SILENCE_S", 1.0),
        mock.patch.object(opening, "GRACE_S", 0.5),
        mock.patch.object(opening, "CONNECTING", hurried),
        mock.patch.object(Connection, "silence_s", 1.0),
    ):
        run(url, Path(TESTS, "faults", "ruined.sql").read_text(encoding="utf-8"))
        return _ABOUT + table(("what happens", *(f"{of}: {part}" for of, part in _PARTS)), *_rows(url))
