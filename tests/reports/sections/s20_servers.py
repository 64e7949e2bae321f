"""What comes of the same databases on servers of every major: those of the tests of majors, each looked at anew.

Where only the oldest is tried (`CONFORMANCE_EVERY_MAJOR` is not set), the rows of those between stay as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from alike import departing, differences, filled, planted
from compatibility import published, table
from judged import conforming, named
from majors import BESIDE_THE_WHEEL, JUDGED, RELEASES, TRIED

from conformance import run, taken
from conformance.errors import CannotEvaluate
from conformance.model.report import Report
from conformance.sandbox import Server

TITLE = "Servers: PostgreSQL of every major"
_HEADS = ("PostgreSQL", "pgvector", "`documented`", "`reference`", "rows", "departing", "rows departing", "snapshot")
_TEXT = """\
The same databases on each: our own migrations of both profiles (`check`), the small clean world of rows (`audit`), a
schema that departs in many ways, and rows that do (`audit` of each); a snapshot of the one that departs, judged without
the server. Each outcome is compared with the same one on PostgreSQL 18, evidence and findings included, and has to be
the same to the letter. What only an old server says is allowed for: up to 12, random UUIDs are pgcrypto's; up to 13,
edges of a graph are read as a whole.

"""
_STAND_IN = """
Servers that our wheel does not carry come from npm's registry, which has no pgvector: `a stand-in` is an extension of that
name with the type, the access methods and the operator classes, and nothing behind them (`tests/vector_stand_in.sql`).

"""
_REFUSED = "### Refused, with exit code 3\n\n"


def text(fixture: Callable[[str], Any]) -> str:
    """Those that are judged, and those that are refused."""
    newest: Server = fixture("server")
    known = {
        line.split(" ")[1].partition(".")[0]: line for line in published().get(TITLE, "").splitlines() if "|" in line
    }
    rows = []
    for major in JUDGED:
        if major in BESIDE_THE_WHEEL and major not in TRIED and str(major) in known:
            rows.append(tuple(cell.strip() for cell in known[str(major)].strip("|").split(" | ")))
        else:
            rows.append(tuple(_row(_server(major, fixture), newest)))
    refused = [(server.version, _refusal(server)) for server in map(fixture("of_major"), set(RELEASES) - set(JUDGED))]
    return "".join(
        [_TEXT, table(_HEADS, *rows), _STAND_IN, _REFUSED, table(("PostgreSQL", "answer"), *sorted(refused))]
    )


def _server(major: int, fixture: Callable[[str], Any]) -> Server:
    if major in BESIDE_THE_WHEEL:
        found: Server = fixture("of_major")(major)
        return found
    wheel: Server = fixture("server" if major == JUDGED[-1] else "older_server")
    return wheel


def _row(server: Server, newest: Server) -> Iterator[str]:
    yield server.version
    with psycopg.connect(named(server, conforming(server))) as connection:
        found = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    assert found is not None
    yield f"a {found[0]}" if found[0] == "stand-in" else found[0]
    for profile in ("documented", "reference"):
        yield _alike(*(run.check(named(one, conforming(one, profile)), profile=profile) for one in (server, newest)))
    for make in (filled, departing, planted):
        yield _alike(*(run.audit(make(one), schema="public") for one in (server, newest)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "there.json")
        file.write_text(taken.take(departing(server), schema="public"), encoding="utf-8")
        yield _alike(run.check(str(file)), run.check(departing(newest), schema="public"))


def _alike(report: Report, on_newest: Report) -> str:
    assert differences(report, on_newest) == []
    counts = report.counts()
    words = [f"{counts[verdict]} {verdict}" for verdict in ("pass", "fail", "indeterminate") if counts[verdict]]
    return f"{report.exit_code}: {', '.join(words)}"


def _refusal(server: Server) -> str:
    try:
        run.check(server.url)
    except CannotEvaluate as error:
        return str(error)
    raise AssertionError(f"PostgreSQL {server.version} is not refused")
