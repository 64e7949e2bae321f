"""A second connection that sees the first one's snapshot, where it can be had."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate
from conformance.sources.connection import part
from conformance.sources.edge_reader import Connection

ANSWER_S = 5.0
"""So long a second connection is waited for: a pooler may have no other server to lend, and lets us wait in vain."""

_OPEN = """
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET TRANSACTION SNAPSHOT {snapshot};
SET LOCAL statement_timeout = {statement};
SET LOCAL lock_timeout = {lock};
SET LOCAL idle_in_transaction_session_timeout = {idle};
SET LOCAL standard_conforming_strings = on;
SELECT pg_catalog.set_config('transaction_timeout', '0', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 170000;
SELECT pg_catalog.set_config('client_connection_check_interval', '5s', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 140000
  AND pg_catalog.version() OPERATOR(pg_catalog.~~) '%linux%';
SET LOCAL search_path = '';
SET LOCAL jit = off;
SET LOCAL row_security = off;
SET LOCAL constraint_exclusion = off;
SET LOCAL max_parallel_workers_per_gather = 0
"""
_SETTINGS = """
SELECT pg_catalog.current_setting('statement_timeout'), pg_catalog.current_setting('lock_timeout'),
       pg_catalog.current_setting('idle_in_transaction_session_timeout')
"""


@contextmanager
def both(
    connection: Connection, second: Callable[[], Connection] | None, hold: str, settings: str = ""
) -> Iterator[list[Connection]]:
    """The connection, and the second where it can see the same; that one is closed at the end.

    The second runs `settings` and the statement `hold` first, so that its locks never wait behind someone who waits for
    the first's.
    """
    other = None if second is None else _companion(connection, second, hold, settings)
    try:
        yield [connection] if other is None else [connection, other]
    finally:
        if other is not None:
            part(other)


def _companion(connection: Connection, second: Callable[[], Connection], hold: str, settings: str) -> Connection | None:
    """Another connection in the first's snapshot; None where the first has changed something or it can't be had."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        changed = cursor.execute("SELECT pg_catalog.txid_current_if_assigned() IS NOT NULL").fetchone()
        if changed is None or changed[0]:
            return None
        snapshot = cursor.execute("SELECT pg_catalog.pg_export_snapshot()").fetchone()
        limits = cursor.execute(_SETTINGS).fetchone()
    if snapshot is None or limits is None:
        raise CannotEvaluate("the server gave no answer about its snapshot")
    try:
        other = second()
    except (psycopg.OperationalError, CannotEvaluate):  # too many clients, say: one connection does it too
        return None
    try:
        if not _answers(other):
            other.close()
            return None
        quoted = [sql.quote(value, other) for value in (*snapshot, *limits)]
        names = ("snapshot", "statement", "lock", "idle")
        other.autocommit = True
        opening = _OPEN.format(**dict(zip(names, quoted, strict=True)))
        other.execute(f"{opening};\n{settings}".encode())
        other.execute(hold.encode(), ())
    except psycopg.Error:  # a pooler may have led elsewhere, where this snapshot is unknown
        part(other)
        return None
    except BaseException:
        other.close()
        raise
    return other


def _answers(connection: Connection) -> bool:
    """Whether a statement is answered soon."""
    channel = connection.pgconn
    channel.send_query(b"SELECT")
    channel.flush()
    until = time.monotonic() + ANSWER_S
    with selectors.DefaultSelector() as ready:
        ready.register(channel.socket, selectors.EVENT_READ)
        while True:
            while channel.is_busy():
                if not ready.select(max(0.0, until - time.monotonic())):
                    return False
                channel.consume_input()
            if channel.get_result() is None:
                return True
