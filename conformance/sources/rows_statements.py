"""Statements about rows, each within a savepoint and a time: what the server refuses is an answer, and the transaction
goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.model.look import Unseen
from conformance.model.looking import Looking
from conformance.sources.connection import Connection, GivenUp, Incomplete, patience

_FETCH = 10_000
SHORTEST_MS = 10
_LONGEST_MS = 2**31 - 1
TIMES = "--statement-timeout and --max-duration allow for more"

LOCKED = Unseen(reason="a table is locked, perhaps by a migration", help="run again when it has ended")
ENDED = Unseen(reason="the server ended the connection")
SILENT = Unseen(reason="the server did not answer in time")
INCOMPLETE = Unseen(reason="the server's answer did not come whole")
NOT_REACHED = Unseen(reason="it was not reached within --max-duration")


class Spoilt(Exception):
    """An error that no savepoint was there to take back, because a snapshot can't be exported from within one."""


TORN = (errors.SerializationFailure, errors.DeadlockDetected, Spoilt)
"""Raised where the snapshot is lost, to a conflict with recovery on a standby say: look again, from the beginning, and
with one connection alone."""


class Statements:
    """The statements of a run over one connection, which is in a transaction. `began` is of `time.monotonic()`."""

    def __init__(self, connection: psycopg.Connection[Any], looking: Looking, began: float) -> None:
        self.connection = connection
        self._statement_timeout = looking.statement_timeout
        self.deadline = None if looking.max_duration is None else began + looking.max_duration

    def fetched(
        self, statement: str, parameters: Mapping[str, Any] | None = None, *, within: float | None = None
    ) -> list[tuple[Any, ...]] | Unseen:
        """The statement's rows, or why there are none; the transaction goes on either way."""
        try:
            return list(self._run(statement, parameters, within))
        except Blocked as error:
            return error.unseen

    def _run(self, statement: str, parameters: Mapping[str, Any] | None, within: float | None) -> list[tuple[Any, ...]]:
        with self._guarding(within):
            cursor = self.connection.cursor(row_factory=tuple_row)
            # without parameters psycopg leaves the % of a pattern alone
            rows = cursor.execute(statement.encode(), parameters or None).fetchall()
            return _whole(rows, cursor)

    def streamed(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The statement's rows, a block at a time. Raises `Blocked`."""
        with self._guarding(None), self.connection.cursor("conformance_rows", row_factory=tuple_row) as cursor:
            cursor.execute(statement.encode())
            while rows := _whole(cursor.fetchmany(_FETCH), cursor):
                yield from rows

    def _guarding(self, within: float | None) -> AbstractContextManager[None]:
        return Guard(self.connection, self.seconds(within))

    def seconds(self, within: float | None = None) -> float:
        """How long the next statement may take."""
        # below the shortest time it would look as if the whole had run out of time
        limits = [max(self._statement_timeout, SHORTEST_MS / 1000), *([within] if within is not None else [])]
        if self.deadline is not None:
            limits.append(self.deadline - time.monotonic())
        return min(limits)


class Unguarded(Statements):
    """The same on a database of ours: what the server refuses is raised, and a statement costs one round trip."""

    def _guarding(self, within: float | None) -> AbstractContextManager[None]:
        return nullcontext()


class Blocked(Exception):
    """A statement gave no rows."""

    def __init__(self, unseen: Unseen) -> None:
        super().__init__(unseen.reason)
        self.unseen = unseen


class Guard:
    """A savepoint and a timeout around one statement; what the server refuses becomes `Blocked`."""

    def __init__(self, connection: psycopg.Connection[Any], seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __enter__(self) -> None:
        if self._seconds * 1000 < SHORTEST_MS:
            raise Blocked(NOT_REACHED)
        if self._connection.closed:
            raise Blocked(ended(self._connection))
        patience(self._connection, self._seconds)
        milliseconds = int(min(self._seconds * 1000, _LONGEST_MS))
        try:
            self._connection.execute(
                f"SAVEPOINT look; SET LOCAL statement_timeout = {milliseconds}".encode(), prepare=False
            )
        except TORN:
            raise
        except psycopg.Error as error:
            raise Blocked(unseen(error, self._seconds)) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:  # what has come is kept, even if the connection is lost by now
            self._end("RELEASE SAVEPOINT look")
            return
        if not isinstance(error, psycopg.Error | UnicodeError) or isinstance(error, TORN):
            return
        self._end("ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look")
        raise Blocked(unseen(error, self._seconds)) from None

    def _end(self, statement: str) -> None:
        if self._connection.closed:
            return
        try:
            self._connection.execute(statement.encode(), prepare=False)
        except TORN:
            raise
        except psycopg.Error:  # nobody knows what the transaction stands in
            self._connection.close()


def ended(connection: psycopg.Connection[Any]) -> Unseen:
    """Who ended it: the server, or we, because it did not answer."""
    return SILENT if isinstance(connection, Connection) and connection.given_up else ENDED


_Rows = TypeVar("_Rows", bound=Sequence[Any])


def _whole(rows: _Rows, cursor: psycopg.Cursor[Any] | psycopg.ServerCursor[Any]) -> _Rows:
    """The rows, as many as the server says it has sent. Raises `Incomplete`: one that is lost may be a departure."""
    said = (cursor.pgresult and cursor.pgresult.command_status) or b""  # `SELECT 12`, `FETCH 12`
    if said.rpartition(b" ")[2] != b"%d" % len(rows):
        raise Incomplete(INCOMPLETE.reason)
    return rows


def unseen(error: psycopg.Error | UnicodeError, seconds: float) -> Unseen:
    """Why there is no answer; what the server says of a value is not repeated, because values are nobody's business."""
    match error:
        case errors.QueryCanceled():
            return Unseen(reason=f"it took longer than {seconds:.3g} s", help=TIMES)
        case errors.LockNotAvailable():
            return LOCKED
        case GivenUp():
            return SILENT
        case Incomplete():
            return INCOMPLETE
        case psycopg.OperationalError() if (error.sqlstate or "57")[:2] in ("57", "08", "25"):
            return ENDED
        case psycopg.DataError() | UnicodeError():
            return Unseen(reason=f"a value cannot be evaluated ({_words(type(error).__name__)})")
        case _:
            return Unseen(reason=f"the server said: {(str(error).splitlines() or [type(error).__name__])[0]}")


def _words(name: str) -> str:
    """`invalid text representation` for the name of a class of errors."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
