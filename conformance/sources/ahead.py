"""The first look at the catalog, taken while psycopg is still being imported.

Of what `check` takes, importing psycopg is the most, and its wrapper of libpq is there when half of that is done. So
the connection is made, the session set and the structure read while the rest is imported. Nothing is judged and no
fault is told here: whatever goes wrong closes the connection, and the session begins anew in the ordinary way, which
says so. Only a server that refused the connection, or stands still, is not asked twice: a wrong password that is tried
again may lock its user out.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from conformance.model.record import Record
from conformance.model.search_path import split_path
from conformance.sources import opening
from conformance.sources.approach import conninfo
from conformance.sources.url import DatabaseUrl

if TYPE_CHECKING:
    from psycopg import Error
    from psycopg.pq.abc import PGconn, PGresult

_PATIENCE_S = 2
"""How long the way to a server may take before the ordinary one is taken, whose time-out is longer."""

_NAP_S = 0.004
"""How often it is looked whether the wrapper is there: each look costs the import a change of threads."""

_ANSWER = len(opening.Itself._fields)


class First(Record):
    """What a first look gives: a connection in its transaction, what the server said of itself, and the catalog or
    why the server would not give it."""

    pgconn: PGconn
    names: tuple[str, ...]
    itself: opening.Itself
    path: tuple[str, ...]
    answer: Mapping[str, Any] | Error


class _GivenUp(Exception):
    """The first look is left to the session."""


class Ahead(Thread):
    """A first look at the tables of these names, in the schema asked for or along the search path.

    A context: when it is left, the look ends, and with it the connection, unless a session has taken it over."""

    def __init__(self, url: DatabaseUrl, names: Sequence[str], schema: str | None = None) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._names = tuple(names)
        self._schemas = url.schemas if schema is None else (schema,)
        self._pgconn: PGconn | None = None
        self._first: First | None = None
        self._refused: Error | None = None
        self._abandoned = Event()

    def __enter__(self) -> Ahead:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._abandoned.set()
        self.join(_PATIENCE_S)
        if self._first is not None:
            self._first.pgconn.finish()

    def first(self) -> First | None:
        """What was seen, once; nothing where something went wrong. Raises what the connection was refused with."""
        self.join()
        if self._refused is not None:
            raise self._refused
        first, self._first = self._first, None
        return first

    def run(self) -> None:
        pq = self._wrapper()
        if pq is None:
            return
        try:
            self._first = self._look(pq)
        except (_errors().Error, _GivenUp, OSError, ValueError):
            if self._pgconn is not None:
                self._pgconn.finish()

    def _wrapper(self) -> Any:
        """`psycopg.pq`, as soon as it can be used. An import statement would wait for all of psycopg."""
        while not self._abandoned.wait(_NAP_S):
            pq = sys.modules.get("psycopg.pq")
            if hasattr(pq, "PGconn") and hasattr(pq, "Conninfo"):
                return pq
        return None

    def _look(self, pq: Any) -> First:
        pgconn = self._connect(pq)
        pgconn.send_query(opening.OPEN.encode())
        results = self._results(pgconn)
        [said] = [result for result in results if result.nfields == _ANSWER]
        if results[-1].status == pq.ExecStatus.FATAL_ERROR:
            raise _GivenUp  # what is asked now would only be told that the transaction is aborted
        itself = opening.Itself.of_text([(said.get_value(0, at) or b"").decode() for at in range(_ANSWER)])
        path = self._schemas or split_path(itself.path, current_user=itself.current_user)
        pgconn.send_query(opening.catalog_query(self._names, path).encode())
        [result] = self._results(pgconn)
        refused = result.status == pq.ExecStatus.FATAL_ERROR
        answer = _errors().error_from_result(result) if refused else json.loads(result.get_value(0, 0) or b"")
        return First(pgconn=pgconn, names=self._names, itself=itself, path=path, answer=answer)

    def _connect(self, pq: Any) -> PGconn:
        try:
            text = conninfo(pq, self._url)
        except OSError as error:
            raise self._refusal(f"failed to resolve host: {error}") from None
        if text is None:
            raise _GivenUp
        pgconn: PGconn = pq.PGconn.connect_start(text)
        self._pgconn = pgconn
        until = time.monotonic() + _PATIENCE_S
        while (state := pgconn.connect_poll()) != pq.PollingStatus.OK:
            if state == pq.PollingStatus.FAILED:
                raise self._refusal(f"connection failed: {pgconn.error_message.decode('utf-8', 'replace')}")
            if not self._ready(pgconn, writing=state == pq.PollingStatus.WRITING, until=until):
                raise _GivenUp
        pgconn.nonblocking = 1
        return pgconn

    def _refusal(self, text: str) -> Error:
        """The error that the session is to tell of."""
        refused: Error = _errors().OperationalError(text)
        self._refused = refused
        return refused

    def _results(self, pgconn: PGconn) -> list[PGresult]:
        while pgconn.flush():
            self._wait(pgconn, writing=True)
        results: list[PGresult] = []
        while True:
            while pgconn.is_busy():
                self._wait(pgconn, writing=False)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                return results
            results.append(result)

    def _wait(self, pgconn: PGconn, *, writing: bool) -> None:
        if not self._ready(pgconn, writing=writing, until=time.monotonic() + opening.SILENCE_S):
            raise self._refusal(opening.SILENT)

    def _ready(self, pgconn: PGconn, *, writing: bool, until: float) -> bool:
        sockets = [pgconn.socket]
        while time.monotonic() < until:
            if self._abandoned.is_set():
                raise _GivenUp
            if any(select.select([] if writing else sockets, sockets if writing else [], [], 0.1)):
                return True
        return False


def _errors() -> Any:
    """`psycopg.errors`, which its wrapper has imported."""
    return sys.modules["psycopg.errors"]
