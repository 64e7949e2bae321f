"""A connection of psycopg's that does not wait for ever.

Our time-outs are the server's to keep. One that stands still (its machine is frozen, a pooler in front of it hangs)
keeps none: it is given up when it has been silent for longer than any statement may take.
"""

from __future__ import annotations

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


class Connection(psycopg.Connection[Any]):
    """One whose server may be silent for so many seconds, or, where statements have longer time-outs, for ever."""

    silence_s: float | None = opening.SILENCE_S

    def wait(self, gen: PQGen[_Result], *given: Any, **named: Any) -> _Result:
        return super().wait(gen if self.silence_s is None else _patient(gen, self.silence_s), *given, **named)


def connect(url: DatabaseUrl) -> Connection:
    """A new connection, as libpq makes it."""
    return Connection.connect(url.text, autocommit=True, prepare_threshold=None, **opening.CONNECTING)


def taken_over(pgconn: PGconn) -> Connection:
    """A connection that was opened ahead, and stands in our transaction already."""
    connection = Connection(pgconn)
    connection._autocommit = True  # the setter refuses within a transaction
    connection.prepare_threshold = None
    return connection


def part(connection: psycopg.Connection[Any]) -> None:
    """Close a connection; a transaction is ended first, or a pooler throws its connection to the server away."""
    if isinstance(connection, Connection):
        connection.silence_s = opening.PARTING_S
    if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
    connection.close()


def _patient(waiting: PQGen[_Result], seconds: float) -> PQGen[_Result]:
    """What psycopg waits with, until the server has been silent for so long."""
    until = time.monotonic() + seconds
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            if ready:
                until = time.monotonic() + seconds
            elif time.monotonic() > until:
                raise psycopg.OperationalError(opening.SILENT)
            wanted = waiting.send(ready)
    except StopIteration as ended:
        result: _Result = ended.value
        return result
