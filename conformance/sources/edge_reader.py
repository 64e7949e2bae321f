"""Reading pieces of a table over one or two connections."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import OutOfTime
from conformance.sources.connection import Incomplete

Connection: TypeAlias = "psycopg.Connection[Any]"
Statement: TypeAlias = tuple[str, Sequence[Any]]
Ends: TypeAlias = bytes | list[bytes]
"""One end of many edges: of fixed width, one behind the other, or a value each."""
Values: TypeAlias = tuple[Ends, Ends]

WAIT_S = 0.2
AHEAD = 4
"""Results that may wait to be looked at: each a few megabytes."""
_CANCEL_S = 2.0
_BYTEA = 17


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
        timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), _cancel, (connection, _CANCEL_S))
        timer.start()
        try:
            yield
        except errors.QueryCanceled:
            self.check()
            raise
        finally:
            timer.cancel()
            timer.join()


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
            until = time.monotonic() + _CANCEL_S
            for connection, thread in zip(self._connections, threads, strict=True):
                end(connection, thread, until)
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


def end(connection: Connection, thread: threading.Thread, until: float) -> None:
    """Waits for a thread, and cancels what its connection still runs."""
    while thread.is_alive() and (left := until - time.monotonic()) > 0:
        _cancel(connection, left)
        thread.join(timeout=WAIT_S)
    if thread.is_alive():  # it neither answers nor ends: nothing but the connection's end will wake it
        connection.close()


def _cancel(connection: Connection, seconds: float) -> None:
    with suppress(psycopg.Error):
        connection.cancel_safe(timeout=seconds)


def _values(connection: Connection, statement: str, parameters: Sequence[Any]) -> Values:
    with connection.cursor(row_factory=tuple_row) as cursor:
        # planned with the keys at hand, which the server then looks up by hash and not one by one
        cursor.execute(statement.encode(), parameters, binary=True, prepare=False)
        result = cursor.pgresult
        if result is None or result.ntuples != 1:
            raise Incomplete("the server's answer about the edges did not come whole")
        if result.ftype(0) == _BYTEA:
            return result.get_value(0, 0) or b"", result.get_value(0, 1) or b""
        row = cursor.fetchone()
        return (row[0] or [], row[1] or []) if row is not None else ([], [])
