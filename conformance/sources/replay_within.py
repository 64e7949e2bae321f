"""A migration that is stopped within one of its statements, where that leaves something: an index that is built
CONCURRENTLY is there, invalid, before it is built."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from conformance.model.history import Script, Statement
from conformance.model.sql import qualified
from conformance.sources.replay_running import Connection, connect, end, run, session, undone

_TABLES = b"SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_UNFINISHED = b"SELECT FROM pg_catalog.pg_index WHERE NOT indisvalid"
_PATIENCE_S = 5.0
_BLINK_S = 0.002


def builds_beside(statement: Statement) -> bool:
    """Whether it builds an index CONCURRENTLY."""
    words = statement.words
    return words[:1] == ("create",) and "index" in words[1:3] and "concurrently" in words[:4]


def stopped_within(url: str, script: Script, number: int) -> bool:
    """Run the statements before one, and end the session within it, while it waits for somebody who writes. False
    where it did not come to wait: the index was there."""
    victim = connect(url)
    run(victim, script.statements[:number])
    with session(url) as beside, _written_to(url):
        there = beside.execute(_UNFINISHED).rowcount
        building = Thread(target=run, args=(victim, [script.statements[number]]), daemon=True)
        building.start()
        began = time.monotonic()
        while building.is_alive() and beside.execute(_UNFINISHED).rowcount <= there:
            if time.monotonic() - began > _PATIENCE_S:
                break
            time.sleep(_BLINK_S)
        waits = building.is_alive()
        end(victim.info.backend_pid, beside)
        building.join(_PATIENCE_S)
    victim.close()
    return waits


@contextmanager
def _written_to(url: str) -> Iterator[None]:
    """Somebody is in the middle of writing to every table."""
    with session(url) as writer, undone(writer):
        for name in [name for (name,) in writer.execute(_TABLES).fetchall()]:
            _lock(writer, name)
        yield


def _lock(writer: Connection, table: str) -> None:
    writer.execute(f"LOCK TABLE {qualified('public', table)} IN ROW EXCLUSIVE MODE".encode())
