"""A server that somebody lends: databases of our own on it, which go with the run, or with a later one.

While a run lives, a session of it holds a lock that its databases' names lead to. A database with our mark, of a run
whose lock nobody holds and to which nobody is connected, was left by a run that was killed: the next run on that server
drops it. Whatever lacks the name, the mark or the owner is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate
from conformance.sandbox.interrupts import close_uninterrupted, termination_as_exit
from conformance.sandbox.server import Server, ask

if TYPE_CHECKING:
    import psycopg

PREFIX = "conformance_prove_"
MARK = "made by conformance prove, which drops it"
_NAME = re.compile(rf"{PREFIX}(?P<run>[0-9a-f]{{32}})(_world|_races)?\Z")
_OURS = """
SELECT d.datname FROM pg_catalog.pg_database AS d
WHERE d.datname LIKE 'conformance\\_prove\\_%%'
  AND pg_catalog.shobj_description(d.oid, 'pg_database') = %s
  AND d.datdba = (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid)
ORDER BY d.datname
"""
_HELD = """
SELECT FROM pg_catalog.pg_locks AS l
WHERE l.locktype = 'advisory' AND l.objsubid = 1
  AND (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LentServer(Server):
    """A server on which every database that is made carries our mark."""

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create an empty database, or a copy of `template`, and return its URL."""
        from psycopg import sql

        url = Server.create_database(self, name, template)
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(MARK))
        ask(self.url, lambda cursor: cursor.execute(statement))
        return url


@contextmanager
def lent(url: str, run: str, names: Sequence[str]) -> Iterator[Server]:
    """The server at `url`, on which databases of these names may be made: no other is touched, and they go with the
    context. `run` are the 32 hexadecimal digits that the names hold. Raises `CannotEvaluate`."""
    found = ask(url, lambda cursor: cursor.execute("SHOW server_version").fetchone())
    server = LentServer(kind="local", version=str(found[0]) if found else "", url=url)
    stack = ExitStack()
    with termination_as_exit():
        try:
            stack.enter_context(_holding(url, _key(run)))
            sweep(url)
            for name in names:
                stack.callback(_dropped, server, name)
            yield server
        finally:
            close_uninterrupted(stack)


def sweep(url: str) -> tuple[str, ...]:
    """Drop the databases of runs that were killed; their names. One that somebody else is faster with is let be."""
    gone = []
    for (name,) in ask(url, lambda cursor: cursor.execute(_OURS, [MARK]).fetchall()):
        match = _NAME.match(name)
        if match is not None and not _lives(url, match["run"]) and _gone(url, name):
            gone.append(name)
    return tuple(gone)


def _lives(url: str, run: str) -> bool:
    return ask(url, lambda cursor: cursor.execute(_HELD, [_key(run)]).fetchone()) is not None


def _gone(url: str, name: str) -> bool:
    """Whether the database could be dropped: not where a session has come to it meanwhile."""
    from psycopg import sql

    statement = sql.SQL("DROP DATABASE {}").format(sql.Identifier(name))
    try:
        ask(url, lambda cursor: cursor.execute(statement))
    except CannotEvaluate:
        return False
    return True


def _key(run: str) -> int:
    """The lock of a run: 60 bits of its name."""
    return int(run[:15], 16)


@contextmanager
def _holding(url: str, key: int) -> Iterator[None]:
    """The lock, held by a session of its own."""
    import psycopg

    try:
        connection: psycopg.Connection = psycopg.connect(url, autocommit=True, options="")
        connection.execute("SET idle_session_timeout = 0" if connection.info.server_version >= 140000 else "SELECT 1")
        connection.execute("SELECT pg_catalog.pg_advisory_lock(%s)", [key])
    except psycopg.Error as error:
        raise CannotEvaluate(f"the server given refused: {' '.join(str(error).split())}") from None
    try:
        yield
    finally:
        connection.close()


def _dropped(server: Server, name: str) -> None:
    """Drops a database of ours, if it came to be."""
    query = "SELECT FROM pg_catalog.pg_database WHERE datname = %s"
    if ask(server.url, lambda cursor: cursor.execute(query, [name]).fetchone()) is not None:
        server.drop_database(name)
