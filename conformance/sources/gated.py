"""Connections of an implementation, each statement of which passes a gate: there it can be held, told, and the session
ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from conformance.errors import CannotEvaluate
from conformance.sources.asking import first_line
from conformance.sources.relay import Wire, relay_of

Pass = Callable[[str, int], None]
"""Called with a statement and the id of the server's process before the statement is run."""

_NOT_HELD = frozenset({"_enter_gen"})  # BEGIN and SAVEPOINT: nothing is seen or locked by them
_ENDS = {"_commit_gen": "COMMIT", "_rollback_gen": "ROLLBACK", "_exit_gen": "COMMIT"}


class Gate:
    """Where the statements of a service go through that serves all sessions: whose they are is told by whose turn it
    is. A connection is of the session in whose turn it was first heard, until its call has been answered."""

    def __init__(self, url: str) -> None:
        self.turn: Harness | None = None
        self.calling: list[Harness] = []
        self.round = 0
        self._relay = relay_of(url, self._passes)
        self._url = url

    @property
    def url(self) -> str:
        """The database's, through this where that can be."""
        return self._url if self._relay is None else self._relay.url

    def close(self) -> None:
        """Nobody goes through any more."""
        if self._relay is not None:
            self._relay.close()

    def _passes(self, wire: Wire, statement: str) -> None:
        known = wire.owner
        calling = list(self.calling)
        if not isinstance(known, tuple) or known[0] != self.round or (calling and known[1] not in calling):
            whose = self.turn if self.turn in calling or not calling else calling[0]
            wire.owner = known = (self.round, whose)
        if isinstance(harness := known[1], Harness):
            harness.passes(statement, wire.pid)


class Harness:
    """What an implementation is given (`conformance.properties.adapter.Sandbox`): one session of it.

    `gate` is called before each statement; `held` says whether any went through it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._gate: Pass | None = None
        self.held = False
        self.through: Gate | None = None
        self._own: Gate | None = None
        self._connections: list[psycopg.Connection[Any]] = []

    @property
    def url(self) -> str:
        """The database's, for connections that the implementation opens itself."""
        if self._own is None:
            self._own = self.through = Gate(self._url)
            self._own.turn = self
        return self._own.url

    @property
    def gate(self) -> Pass | None:
        """What is asked before each statement."""
        return self._gate

    @gate.setter
    def gate(self, gate: Pass | None) -> None:
        self._gate = gate
        if self.through is not None:
            self.through.round += 1
        self.go()

    def go(self) -> None:
        """It is this session's turn."""
        if self.through is not None:
            self.through.turn = self

    @contextmanager
    def calling(self) -> Iterator[None]:
        """A call of this session is being answered."""
        if self.through is None:
            yield
            return
        self.through.calling.append(self)
        try:
            yield
        finally:
            self.through.calling.remove(self)

    def connect(self, *, autocommit: bool = False, **options: Any) -> psycopg.Connection[Any]:
        """A connection whose statements are held where a schedule asks for it."""
        connection = Gated.connect(
            self._url,
            autocommit=True,
            **{"cursor_factory": GatedCursor, "prepare_threshold": None, "options": "", **options},
        )
        with suppress(psycopg.Error):  # a deadlock is meant to end soon, where the role may say so
            connection.execute("SET deadlock_timeout = '30ms'")
        connection.autocommit = autocommit
        connection.harness = self
        self._connections.append(connection)
        return connection

    def passes(self, statement: str, pid: int) -> None:
        """A statement is about to be run."""
        self.held = True
        if self.gate is not None:
            self.gate(statement, pid)

    def close(self) -> None:
        """Whatever the implementation left open is closed."""
        self.gate = None
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        if self._own is not None:
            self._own.close()
            self._own = self.through = None


class Gated(psycopg.Connection[Any]):
    """A connection that tells its harness what it is about to do. All that goes to the server goes through `wait`."""

    harness: Harness | None = None
    said: str = ""

    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        name = getattr(gen, "__name__", "")
        if self.harness is not None and name not in _NOT_HELD:
            statement = _ENDS.get(name) or self.said or "a statement"
            self.said = ""
            if name != "_rollback_gen":
                self.harness.passes(statement, self.info.backend_pid)
        return super().wait(gen, *args, **options)


class GatedCursor(psycopg.Cursor[Any]):
    """A cursor that remembers what it is asked, as a person would write it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        self._remember(query, params)
        return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        rows = list(params_seq)
        self._remember(query, rows[0] if rows else None)
        super().executemany(query, rows, **options)

    def _remember(self, query: Any, params: Any) -> None:
        if isinstance(self.connection, Gated):
            self.connection.said = written(query, params)


_PLACE = re.compile(r"%(?:\((\w+)\))?[sbt]")


def written(query: Any, params: Sequence[Any] | Mapping[str, Any] | None) -> str:
    """The statement on one line, its parameters in their places."""
    text = query.as_string(None) if isinstance(query, sql.Composable) else query
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    text = " ".join(text.split())
    if params is None:
        return text
    if isinstance(params, Mapping):
        return _PLACE.sub(lambda found: _literal(params.get(found[1])), text)
    values = iter(params)
    return _PLACE.sub(lambda _: _literal(next(values, None)), text)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"ARRAY[{', '.join(map(_literal, value))}]"
    text = str(getattr(value, "obj", value))
    return "'" + text.replace("'", "''") + "'"


def reached(url: str) -> None:
    """Raises `CannotEvaluate` where the sandbox cannot be connected to."""
    try:
        psycopg.connect(url, options="").close()
    except psycopg.Error as error:
        raise CannotEvaluate(f"the sandbox cannot be connected to: {first_line(error)}") from None
