"""A running throw-away server, as the rest of the project sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, get_args
from urllib.parse import quote, urlsplit

from conformance.errors import CannotEvaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Cursor

SandboxKind: TypeAlias = Literal["embedded", "local", "docker"]
KINDS: tuple[SandboxKind, ...] = get_args(SandboxKind)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server and the way to it.

    `url` is a libpq URL of a superuser to the maintenance database; `version` is PostgreSQL's own, such as
    "18.4". The methods raise CannotEvaluate with PostgreSQL's message when it refuses.
    """

    kind: SandboxKind
    version: str
    url: str

    @property
    def describe(self) -> str:
        """One phrase for people, such as "embedded PostgreSQL 18.4"."""
        return f"{self.kind} PostgreSQL {self.version}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create an empty database, or a copy of `template`, and return its URL."""
        from psycopg import sql

        source = sql.SQL("") if template is None else sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source
        ask(self.url, lambda cursor: cursor.execute(statement))
        return urlsplit(self.url)._replace(path="/" + quote(name, safe="")).geturl()

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the sessions that are still in it."""
        from psycopg import sql

        sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        statement = sql.SQL("DROP DATABASE {}").format(sql.Identifier(name))
        ask(self.url, lambda cursor: cursor.execute(sessions, [name]).execute(statement))


def ask(url: str, question: Callable[[Cursor], _Result]) -> _Result:
    """What `question` answers when given a cursor of a new autocommit session at `url`.

    The session ignores PGOPTIONS: someone who guards the checked database with a read-only default must still
    be able to create throw-away ones. Raises CannotEvaluate for whatever the driver raises.
    """
    try:
        import psycopg
    except ImportError as error:
        remedy = "pip install 'astra-conformance[binary]'"
        raise CannotEvaluate(f"psycopg cannot be loaded: {error} ({remedy})") from error
    try:
        with psycopg.connect(url, autocommit=True, options="") as connection, connection.cursor() as cursor:
            return question(cursor)
    except psycopg.Error as error:
        raise CannotEvaluate(f"the server refused: {' '.join(str(error).split())}") from error
