"""Statements folded and run on a server, one by one, in a transaction of which nothing stays."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from folds import differences, statements

from conformance.fold import statements as reading
from conformance.fold.catalog import catalog
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.catalog import UNREAD
from conformance.sources.decode import decode
from conformance.sources.opening import catalog_statement


class Disagreement(AssertionError):
    """What the text says is not what the server does."""


def unread(schema: Schema) -> int:
    """How much of a schema is not understood."""
    return repr(catalog(schema, [name for _, name in schema.relations])).count(UNREAD)


class Beside:
    """Folds a statement, and has the server run it; raises `Disagreement`."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.schema = Schema(major=connection.info.server_version // 10000)
        self.understood: list[str] = []
        self.passed_over: list[tuple[str, str]] = []
        self.refused: list[str] = []

    def take(self, sql: str) -> None:
        """One statement more."""
        (written,) = statements(sql)
        try:
            step = reading.fold(self.schema, Cursor(written.text))
            schema = step.schema
        except Refused as error:
            if not self._run(sql):
                self.refused.append(sql)
                return
            raise Disagreement(self._told(f"the server accepts it; here: {error}", sql)) from None
        except NotUnderstood as error:
            self.passed_over.append((sql, str(error)))
            return
        if any(one.opaque for one in schema.relations.values()):
            self.passed_over.append((sql, "of the table it is not known what it has"))
            return
        if not self._run(sql):
            if step.irrelevant or unread(schema) > unread(self.schema):
                self.passed_over.append((sql, "it is irrelevant, or has an expression that only a server reads"))
                return
            raise Disagreement(self._told(f"the server refuses it: {self.reason}", sql))
        self.schema = schema
        self.understood.append(sql)

    def _run(self, sql: str) -> bool:
        self.connection.execute("SAVEPOINT one")
        try:
            self.connection.execute(sql.encode())
        except psycopg.Error as error:
            self.reason = str(error).splitlines()[0]
            self.connection.execute("ROLLBACK TO SAVEPOINT one")
            return False
        self.connection.execute("RELEASE SAVEPOINT one")
        return True

    def judge(self, tables: Sequence[str]) -> None:
        """Raises `Disagreement` where the catalogs differ."""
        self.connection.execute("SET LOCAL search_path = ''")
        row = self.connection.execute(catalog_statement(), {"names": list(tables), "path": ["public"]}).fetchone()
        theirs = decode(row[0], ("public",))
        if apart := differences(catalog(self.schema, tables), theirs):
            raise Disagreement(self._told("\n".join(apart)))
        self.connection.execute("SET LOCAL search_path = public")

    def _told(self, what: str, sql: str = "") -> str:
        return f"{what}\n--\n" + ";\n".join([*self.understood, sql]) + ";"


@contextmanager
def beside(url: str) -> Iterator[Beside]:
    """A bench on an empty database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error; SET timezone = 'UTC'")
        connection.execute("BEGIN; SET LOCAL search_path = public")
        try:
            yield Beside(connection)
        finally:
            connection.execute("ROLLBACK")
