"""A connection of psycopg's that does not wait for ever.

Our time-outs are the server's to keep. One that stands still (its machine is frozen, a pooler in front of it hangs, the
network was cut without a word) keeps none: it is given up when it has been silent for longer than any statement may
take, or when all of the time is over. Nothing is said over it any more then, and it is closed.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from conformance.sources import opening
from conformance.sources.url import DatabaseUrl

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn

_Result = TypeVar("_Result")


class GivenUp(psycopg.OperationalError):
    """Nothing came in time."""


class Incomplete(psycopg.OperationalError):
    """Less came than the server says it has sent."""


class Connection(psycopg.Connection[Any]):
    """One whose server may be silent for so many seconds, and is listened to until `deadline` (of `time.monotonic()`)
    at most."""

    silence_s: float = opening.SILENCE_S
    deadline: float = math.inf
    given_up: bool = False

    def wait(self, gen: PQGen[_Result], *given: Any, **named: Any) -> _Result:
        try:
            return super().wait(_patient(gen, self.silence_s, self.deadline), *given, **named)
        except GivenUp:
            self.given_up = True
            self.close()
            raise
        except UnicodeError:  # what is sent, or came, is no text
            raise
        except (IndexError, ValueError):  # psycopg counts on results, of which a network may lose one
            raise Incomplete("the server's answer did not come whole") from None


def connect(url: DatabaseUrl, deadline: float = math.inf) -> Connection:
    """A new connection, as libpq makes it; what is asked over it has to be answered by then."""
    asked = {**opening.CONNECTING, "connect_timeout": _connect_timeout(deadline)}
    connection = Connection.connect(url.text, autocommit=True, prepare_threshold=None, **asked)
    connection.deadline = deadline
    return connection


def _connect_timeout(deadline: float) -> int:
    """In whole seconds, of which psycopg takes two at least."""
    longest: int = opening.CONNECTING["connect_timeout"]
    return int(max(1, min(longest, deadline - time.monotonic())))


def taken_over(pgconn: PGconn) -> Connection:
    """A connection that was opened ahead, and stands in our transaction already."""
    connection = Connection(pgconn)
    connection._autocommit = True  # the setter refuses within a transaction
    connection.prepare_threshold = None
    return connection


def patience(connection: psycopg.Connection[Any], seconds: float) -> None:
    """How long the server may be silent from here on: what its own time-out allows, and a little more."""
    if isinstance(connection, Connection):
        connection.silence_s = seconds + opening.GRACE_S


def part(connection: psycopg.Connection[Any]) -> None:
    """Close a connection; a transaction is ended first, or a pooler throws its connection to the server away."""
    if isinstance(connection, Connection):
        connection.silence_s = opening.PARTING_S
    if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
    connection.close()


def _patient(waiting: PQGen[_Result], silence_s: float, deadline: float) -> PQGen[_Result]:
    """What psycopg waits with, until the server has been silent for so long, or the deadline is over."""
    heard = time.monotonic()
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            now = time.monotonic()
            if ready:
                heard = now
            if now > min(heard + silence_s, deadline):
                raise GivenUp(opening.SILENT)
            wanted = waiting.send(ready)
    except StopIteration as ended:
        result: _Result = ended.value
        return result
