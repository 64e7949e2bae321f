"""What each statement of a migration does to tables with rows: which it locks, rewrites or scans, and
how long it takes.

It is seen, not guessed: locks in `pg_locks`, rewrites in `pg_class.relfilenode`, scans in the statistics of the running
transaction, before and after each statement, within the transaction that runs them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import psycopg

from conformance.model.history import Broken, Effect, Statement
from conformance.model.record import Record
from conformance.sources.replay_running import run

_LOOK = b"""
SELECT c.oid, c.relname, c.relfilenode, coalesce(s.seq_scan, 0),
       (SELECT max(CASE l.mode WHEN 'AccessExclusiveLock' THEN 2 ELSE 1 END) FROM pg_catalog.pg_locks AS l
        WHERE l.pid = pg_backend_pid() AND l.relation = c.oid AND l.granted
          AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock'))
FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_stat_xact_user_tables AS s ON s.relid = c.oid
WHERE c.oid = ANY (%s)
"""


class _State(Record):
    name: str
    file: int
    scans: int
    locked: int | None
    """2 against everybody, 1 against who writes."""


def observed(
    connection: psycopg.Connection[Any], statements: Sequence[Statement]
) -> tuple[Broken | None, tuple[Effect, ...]]:
    """Run the statements in the open transaction: what broke, and what each did to the tables that have rows now."""
    counts = _counts(connection)
    seen: list[Effect] = []
    last = _states(connection, list(counts))
    since = time.perf_counter()

    def look(number: int) -> None:
        nonlocal last, since
        seconds = time.perf_counter() - since
        now = _states(connection, list(counts))
        for oid, state in now.items():
            before = last[oid]
            about: dict[str, Any] = {"statement": number, "table": before.name, "rows": counts[oid], "seconds": seconds}
            if (state.locked or 0) > (before.locked or 0):
                seen.append(Effect(kind="ACCESS EXCLUSIVE" if state.locked == 2 else "SHARE", **about))
            if state.file != before.file:
                seen.append(Effect(kind="rewrite", **about))
            elif state.scans > before.scans:
                seen.append(Effect(kind="scan", **about))
        last, since = now, time.perf_counter()

    return run(connection, statements, look), tuple(sorted(seen, key=lambda e: (e.statement, e.table, e.kind)))


def _counts(connection: psycopg.Connection[Any]) -> dict[int, int]:
    """The tables, partitions and heirs of the schema `public` that have rows of their own, and how many."""
    names = connection.execute(
        b"SELECT oid, format('%I.%I', 'public', relname) FROM pg_catalog.pg_class"
        b" WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    ).fetchall()
    found: dict[int, int] = {}
    for oid, name in names:
        row = connection.execute(f"SELECT count(*) FROM ONLY {name}".encode()).fetchone()
        if row is not None and row[0]:
            found[oid] = row[0]
    return found


def _states(connection: psycopg.Connection[Any], oids: Sequence[int]) -> dict[int, _State]:
    return {
        oid: _State(name=name, file=file, scans=scans, locked=locked)
        for oid, name, file, scans, locked in connection.execute(_LOOK, (oids,))
    }
