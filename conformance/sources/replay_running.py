"""Running a script on a throw-away database: whole, statement by statement, or up to a place where it is killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from conformance.errors import CannotEvaluate
from conformance.model.history import Broken, Migration, Script, Statement
from conformance.sources.stand_ins import lacking, provided, stood_in

_DEADLINE_S = 10.0

Connection = psycopg.Connection[Any]


@contextmanager
def session(url: str) -> Iterator[Connection]:
    """A session of a throw-away database, each statement a transaction of its own."""
    connection = connect(url)
    try:
        yield connection
    finally:
        with suppress(psycopg.Error):
            connection.close()


def connect(url: str) -> Connection:
    """The same, to be closed by whoever asked for it."""
    try:
        return psycopg.connect(
            url,
            autocommit=True,
            options="-c client_min_messages=error -c timezone=UTC -c statement_timeout=60s -c lock_timeout=10s",
            prepare_threshold=None,
            client_encoding="utf8",
            application_name="conformance",
        )
    except psycopg.Error as error:
        raise CannotEvaluate(f"the throw-away server cannot be reached: {' '.join(str(error).split())}") from None


def migrate(url: str, migrations: Sequence[Migration], *, stand_ins: bool) -> tuple[str, ...]:
    """Run migrations for good, each in a session of its own; the extensions that something stands in for, where that is
    wanted. Raises `CannotEvaluate` where one does not run."""
    stood: set[str] = set()
    for migration in migrations:
        with session(url) as connection:
            broken = run_committed(connection, migration.up, stand_ins=stand_ins)
            if broken is not None:
                line = migration.up.statements[broken.statement].line
                raise CannotEvaluate(f"{migration.file} could not be applied: {broken.message} (line {line})")
            stood.update(stood_in(connection) if stand_ins else ())
    return tuple(sorted(stood))


def run(
    connection: Connection,
    statements: Sequence[Statement],
    each: Callable[[int], None] | None = None,
    *,
    stand_ins: bool = True,
) -> Broken | None:
    """Run the statements one after the other; the one that the server refuses, if any. `each` is told the number of
    each that has run."""
    for number, statement in enumerate(statements):
        try:
            text = provided(connection, statement.text) if stand_ins else statement.text
            connection.execute(text.encode())
        except psycopg.Error as error:
            return _broken(number, error)
        if each is not None:
            each(number)
    return None


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """A transaction that comes to nothing."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        _roll_back(connection)


def run_committed(connection: Connection, script: Script, *, stand_ins: bool = True) -> Broken | None:
    """Run a script as most runners do: in one transaction where it may, statement by statement where not."""
    if not script.whole:
        broken = run(connection, script.statements, stand_ins=stand_ins)
        if broken is not None:
            _roll_back(connection)
        return broken
    connection.execute("BEGIN")
    broken = run(connection, script.statements, stand_ins=stand_ins)
    if broken is None:
        try:
            connection.execute("COMMIT")
        except psycopg.Error as error:  # what was deferred to the end
            return _broken(len(script.statements) - 1, error)
    else:
        _roll_back(connection)
    return broken


def _roll_back(connection: Connection) -> None:
    """Take the transaction back, where the statement did not end the session with it."""
    if not connection.closed:
        connection.execute("ROLLBACK")


def kill(connection: Connection, beside: Connection) -> None:
    """End a session from another one, and wait until the server has cleaned up behind it."""
    end(connection.info.backend_pid, beside)
    with suppress(psycopg.Error):
        connection.close()


def end(pid: int, beside: Connection) -> None:
    """The same for a session that may be in the middle of something."""
    beside.execute("SELECT pg_catalog.pg_terminate_backend(%s)", (pid,))
    deadline = time.monotonic() + _DEADLINE_S
    while beside.execute("SELECT FROM pg_catalog.pg_stat_activity WHERE pid = %s", (pid,)).rowcount:
        if time.monotonic() > deadline:
            raise CannotEvaluate("a session of the throw-away server could not be ended")
        time.sleep(0.0005)


def _broken(number: int, error: psycopg.Error) -> Broken:
    message = error.diag.message_primary or (str(error).splitlines() or ["no reason given"])[0]
    if error.diag.message_detail:
        message += f" ({error.diag.message_detail})"
    return Broken(statement=number, message=message, lacking=lacking(message))
