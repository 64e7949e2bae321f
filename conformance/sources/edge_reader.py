"""Reading pieces of a table over one or two connections that see one snapshot."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import psycopg
from psycopg import errors, sql
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate, OutOfTime

Connection: TypeAlias = "psycopg.Connection[Any]"
Statement: TypeAlias = tuple[str, Sequence[Any]]
Ends: TypeAlias = bytes | list[bytes]
"""One end of many edges: of fixed width, one behind the other, or a value each."""
Values: TypeAlias = tuple[Ends, Ends]

WAIT_S = 0.2
AHEAD = 4
"""Results that may wait to be looked at: each a few megabytes."""
_CANCEL_S = 5.0
_BYTEA = 17

_OPEN = """
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET TRANSACTION SNAPSHOT {snapshot};
SET LOCAL statement_timeout = {statement};
SET LOCAL lock_timeout = {lock};
SET LOCAL idle_in_transaction_session_timeout = {idle};
SET LOCAL standard_conforming_strings = on;
SELECT pg_catalog.set_config('transaction_timeout', '0', true)
WHERE pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 170000;
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


class Clock:
    """Raises `OutOfTime` when the deadline (of `time.monotonic`, or none) is over."""

    def __init__(self, deadline: float | None) -> None:
        self._deadline = deadline

    def check(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise OutOfTime("the time given was over before the graph was decided")

    @contextmanager
    def cancelling(self, connection: Connection) -> Iterator[None]:
        """Cancels what the connection runs when time is up, for reading in the thread that would have to look."""
        if self._deadline is None:
            yield
            return
        timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), connection.cancel)
        timer.start()
        try:
            yield
        except errors.QueryCanceled:
            self.check()
            raise
        finally:
            timer.cancel()
            timer.join()


@contextmanager
def both(connection: Connection, second: Callable[[], Connection] | None, hold: str) -> Iterator[list[Connection]]:
    """The connection, and the second where it can see the same; that one is closed at the end.

    The second runs the statement `hold` first, so that its locks never wait behind someone who waits for the first's.
    """
    other = None if second is None else _companion(connection, second, hold)
    try:
        yield [connection] if other is None else [connection, other]
    finally:
        if other is not None:
            other.close()


def _companion(connection: Connection, second: Callable[[], Connection], hold: str) -> Connection | None:
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
        quoted = [sql.quote(value, other) for value in (*snapshot, *limits)]
        names = ("snapshot", "statement", "lock", "idle")
        other.autocommit = True
        other.execute(_OPEN.format(**dict(zip(names, quoted, strict=True))).encode())
        other.execute(hold.encode(), ())
    except psycopg.Error:  # a pooler may have led elsewhere, where this snapshot is unknown
        other.close()
        return None
    except BaseException:
        other.close()
        raise
    return other


class Reader:
    """Runs statements over connections, each in a thread of its own, and gives their two values as they come."""

    def __init__(self, connections: Sequence[Connection], clock: Clock) -> None:
        self._connections = connections
        self._clock = clock

    @property
    def connections(self) -> int:
        return len(self._connections)

    def results(self, statements: Sequence[Statement]) -> Iterator[tuple[int, Values]]:
        """The number of each statement and what it gave, in the order of arrival."""
        found: queue.Queue[tuple[int, Values] | BaseException | None] = queue.Queue(maxsize=AHEAD)
        numbers = iter(range(len(statements)))
        lock, stop = threading.Lock(), threading.Event()

        def put(item: tuple[int, Values] | BaseException | None) -> None:
            while not stop.is_set():
                with suppress(queue.Full):
                    found.put(item, timeout=WAIT_S)
                    return

        def work(connection: Connection) -> None:
            try:
                while not stop.is_set():
                    with lock:
                        number = next(numbers, None)
                    if number is None:
                        put(None)
                        return
                    put((number, _values(connection, *statements[number])))
            except BaseException as error:  # noqa: BLE001  it is raised in the thread that waits for it
                put(error)

        threads = [threading.Thread(target=work, args=(c,), daemon=True) for c in self._connections]
        for thread in threads:
            thread.start()
        try:
            yield from self._arrivals(found, len(threads))
        except BaseException:
            stop.set()
            for connection, thread in zip(self._connections, threads, strict=True):
                _end(connection, thread)
            raise
        for thread in threads:
            thread.join()

    def _arrivals(
        self, found: queue.Queue[tuple[int, Values] | BaseException | None], working: int
    ) -> Iterator[tuple[int, Values]]:
        while working:
            self._clock.check()
            try:
                item = found.get(timeout=WAIT_S)
            except queue.Empty:
                continue
            if isinstance(item, BaseException):
                raise item
            if item is None:
                working -= 1
            else:
                yield item


def _end(connection: Connection, thread: threading.Thread) -> None:
    """Waits for a thread, and cancels what its connection still runs."""
    until = time.monotonic() + _CANCEL_S
    while thread.is_alive() and time.monotonic() < until:
        with suppress(psycopg.Error):
            connection.cancel_safe(timeout=_CANCEL_S)
        thread.join(timeout=WAIT_S)
    if thread.is_alive():  # it neither answers nor ends: nothing but the connection's end will wake it
        connection.close()


def _values(connection: Connection, statement: str, parameters: Sequence[Any]) -> Values:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(statement.encode(), parameters, binary=True)
        result = cursor.pgresult
        if result is None:
            raise CannotEvaluate("the server gave no answer about the edges")
        if result.ftype(0) == _BYTEA:
            return result.get_value(0, 0) or b"", result.get_value(0, 1) or b""
        row = cursor.fetchone()
        return (row[0] or [], row[1] or []) if row is not None else ([], [])
