"""A migration that is stopped within one of its statements, while that waits for another session.

What builds, drops or detaches CONCURRENTLY has left something by the time that it waits for those who write to the
table, and so has a block that commits as it goes, when it comes to a row that somebody has locked. All others are held
before or in the middle of their work, by locks that keep writers and readers in, and leave nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import psycopg

from conformance.model.history import Script, Statement
from conformance.model.sql import qualified
from conformance.sources.replay_running import Connection, connect, end, run, session, undone

_TABLES = (
    b"SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
)
_WAITS = b"SELECT FROM pg_catalog.pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
_STOPPABLE = frozenset("alter call create delete do drop insert merge refresh reindex truncate update with".split())
_NEW = frozenset({"domain", "extension", "function", "procedure", "schema", "sequence", "table", "type", "view"})
_PATIENCE_S = 5.0
_BLINK_S = 0.001


def can_be_held(statement: Statement) -> bool:
    """Whether it may come to wait for those who use a table."""
    words = statement.words
    return words[:1] != () and words[0] in _STOPPABLE and not (words[0] == "create" and _NEW & {*words[1:4]})


def stopped_within(url: str, script: Script, number: int) -> bool:
    """Run the statements before one, and end the session within it. False where it did not come to wait."""
    victim = connect(url)
    run(victim, script.statements[:number])
    return ended_within(url, victim, script.statements[number])


def ended_within(url: str, victim: Connection, statement: Statement) -> bool:
    """Run the statement in the session, and end that while it waits. False where it did not come to wait, and ran; the
    session is closed in any case, and with it whatever transaction is open in it."""
    with session(url) as beside, _in_the_way(url, statement):
        working = Thread(target=run, args=(victim, [statement]), daemon=True)
        working.start()
        pid, began = victim.info.backend_pid, time.monotonic()
        while working.is_alive() and not beside.execute(_WAITS, (pid,)).rowcount:
            if time.monotonic() - began > _PATIENCE_S:
                break
            time.sleep(_BLINK_S)
        waits = working.is_alive()
        if waits:
            end(pid, beside)
        working.join(_PATIENCE_S)
    victim.close()
    return waits


@contextmanager
def _in_the_way(url: str, statement: Statement) -> Iterator[None]:
    """Somebody who is in the middle of something on every table, unless a transaction of the script's own is."""
    with session(url) as other, undone(other):
        with suppress(psycopg.errors.LockNotAvailable):
            _hold(other, statement)
        yield


def _hold(other: Connection, statement: Statement) -> None:
    """Write, where the statement lets others write; or else lock the last rows, and be at work on the structure."""
    names = [qualified("public", name) for (name,) in other.execute(_TABLES).fetchall()]
    beside = "concurrently" in statement.words
    if names and not statement.commits:
        mode = "ROW EXCLUSIVE" if beside else "SHARE UPDATE EXCLUSIVE"
        other.execute(f"LOCK TABLE {', '.join(names)} IN {mode} MODE NOWAIT".encode())
    for name in () if beside else names:
        other.execute(f"SELECT FROM ONLY {name} ORDER BY ctid DESC LIMIT 1 FOR UPDATE NOWAIT".encode())
