"""Runs over a network that fails, and what has to be true of every one of them."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import gcd

import psycopg
from wire import KINDS, Fault, Wire

from conformance.errors import ConformanceError
from conformance.model.report import Report

EVERY = os.environ.get("CONFORMANCE_FAULTS_EVERY") == "1"
"""Whether every message of a run fails in every way, which takes an hour; else some, spread over all."""

Look = Callable[[str], Report]
"""A run of `check` or `audit` on a URL."""
Key = tuple[str, str]

SAID = (
    "the server ended the connection",
    "has stopped answering",
    "did not answer in time",
    "does not speak PostgreSQL's protocol",
    "could not be read",
    "the server gave no answer",
    "for a reason that libpq does not name",
)
"""Words, one of which says why there is no report."""
NOTED = (
    "the server ended the connection",
    "did not answer in time",
    "did not come whole",
    "it took longer than",
    "it was not reached within --max-duration",
    "the server said: ",
    "is gone",
)
"""Words, one of which says why something is indeterminate that would not be."""


@dataclass(frozen=True)
class Ending:
    """How a run ended, and after how many seconds; `struck` is whether the fault came to pass."""

    fault: Fault
    report: Report | None
    error: str
    code: int
    seconds: float
    struck: bool


def verdicts(report: Report) -> dict[Key, str]:
    """By plane and id."""
    return {(o.plane, o.requirement.id): o.verdict for o in report.outcomes}


def code_of(report: Report) -> int:
    """The exit code that these outcomes ought to have."""
    musts = {o.verdict for o in report.outcomes if o.requirement.level == "must" and o.waiver is None}
    return 1 if "fail" in musts else 3 if "indeterminate" in musts else 0


def all_of(url: str, look: Look, kinds: Sequence[str] = tuple(KINDS)) -> list[Fault]:
    """Every message of a run, and every way in which it may fail."""
    with Wire(url) as wire:
        look(wire.url)
    return [
        Fault(way, number, kind)
        for way, count in wire.counted.items()
        for number in range(count)
        for kind in kinds
        if not (kind in ("killed", "cancelled") and way == "client" and number == 0)  # there is no session yet
    ]


def some(faults: Sequence[Fault], count: int) -> Sequence[Fault]:
    """So many of them, spread over all messages and kinds."""
    if EVERY:
        return faults
    step = next(number for number in itertools.count(max(1, len(faults) // count)) if gcd(number, 30) == 1)
    return faults[::step]


def endings(url: str, look: Look, faults: Sequence[Fault], *, at_once: int = 1) -> Iterator[Ending]:
    """How a run ends under each of these."""
    with ThreadPoolExecutor(at_once) as runs:
        yield from runs.map(lambda fault: _ending(url, look, fault), faults)


def _ending(url: str, look: Look, fault: Fault) -> Ending:
    began = time.monotonic()
    report, error, code = None, "", 0
    with Wire(url, fault) as wire:
        try:
            report = look(wire.url)
            code = report.exit_code
        except ConformanceError as caught:  # anything else is a traceback, and fails the test
            error, code = str(caught), caught.exit_code
        seconds = time.monotonic() - began
    return Ending(fault, report, error, code, seconds, wire.struck)


def judge(ending: Ending, true: dict[Key, str]) -> None:
    """A verdict is the one that the database has, or indeterminate with a reason; the code follows; never a pass of
    what was not seen."""
    at = str(ending.fault)
    if ending.report is None:
        assert ending.code == 3, at
        assert "\n" not in ending.error, at
        assert any(words in ending.error for words in SAID), f"{at}: {ending.error}"
        return
    found = verdicts(ending.report)
    assert found.keys() == true.keys(), at
    lost = {key for key, verdict in found.items() if verdict != true[key]}
    assert {found[key] for key in lost} <= {"indeterminate"}, at
    notes = {o.note or o.observed for o in ending.report.outcomes if (o.plane, o.requirement.id) in lost}
    assert all(any(words in note for words in NOTED) for note in notes), f"{at}: {notes}"
    assert ending.code == code_of(ending.report), at


def sessions(url: str) -> int:
    """How many sessions of ours this database has."""
    with psycopg.connect(url, autocommit=True) as admin:
        row = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'conformance'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def none_left(url: str, within: float = 5) -> bool:
    """Whether no session of ours is left soon."""
    until = time.monotonic() + within
    while sessions(url) and time.monotonic() < until:
        time.sleep(0.02)
    return not sessions(url)
