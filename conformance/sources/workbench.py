"""A database of our own, changed for the length of one look: the self-test's mutants live here.

Every change is rolled back. Statements are prepared once, so that a look costs a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

import psycopg

from conformance.errors import CannotEvaluate
from conformance.model.catalog import Catalog, Table
from conformance.model.look import Seen
from conformance.model.looking import Asked, Looking
from conformance.model.question import Question
from conformance.model.record import Record, replace
from conformance.model.sql import identifier, literal, qualified
from conformance.sources.asking import ask, first_line
from conformance.sources.decode import decode
from conformance.sources.held import Held
from conformance.sources.opening import catalog_statement
from conformance.sources.rows import Looker

_LOOK = "SET LOCAL search_path = ''"
_PATH = ("public",)
_ON_DEMAND = 1_000_000
"""Statements are prepared where a call says so, and not because they came often."""


def _looking_in(path: Sequence[str]) -> str:
    return f"SET LOCAL search_path = {', '.join(map(literal, path))}"


class Refused(Record):
    """The server refused a script; `reason` is its message."""

    reason: str


class Workbench(Held):
    """One connection to a throw-away database of ours."""

    what = "the workbench"

    def __init__(self, url: str, path: Sequence[str] = _PATH) -> None:
        self._url = url
        self._path = tuple(path)

    def __enter__(self) -> Workbench:
        self._connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=_ON_DEMAND)
        self._connection.execute("SET client_min_messages = error; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'")
        return self

    @property
    def major(self) -> int:
        """The server's major version."""
        return self.connection.info.server_version // 10000

    def changed(self, sql: str, names: Sequence[str]) -> _Changed:
        """A context in which the script has run; it gives a `_Look`, or `Refused`."""
        return _Changed(self.connection, sql, names, self._path)

    def seen(self, sql: str, asked: Asked, looking: Looking) -> Seen | Refused:
        """What is seen of the rows once the script has run, of which nothing stays."""
        try:
            script = f"BEGIN; {_looking_in(self._path)};\n{sql};\nSET CONSTRAINTS ALL IMMEDIATE;\n{_LOOK}"
            self.connection.execute(script.encode())
            return Looker(self.connection, looking).only(asked)
        except psycopg.Error as error:
            return Refused(reason=first_line(error))
        finally:
            self.connection.execute("ROLLBACK")


class Look:
    """The catalog under a change, and the way to ask what its checks want to know."""

    def __init__(self, connection: psycopg.Connection[Any], catalog: Catalog) -> None:
        self._connection = connection
        self.catalog = catalog

    def answered(self, questions: Iterable[Question]) -> Catalog:
        """The catalog with the answers to the questions."""
        return replace(self.catalog, answers=ask(self._connection, tuple(questions)))

    def rows(self, asked: Sequence[Asked], looking: Looking) -> Mapping[str, Seen]:
        """What is seen of the rows."""
        return Looker(self._connection, looking).take(asked)

    def only(self, asked: Asked, looking: Looking) -> Seen:
        """What one look sees of the rows."""
        return Looker(self._connection, looking).only(asked)

    def texts(self, table: Table) -> list[Mapping[str, str | None]]:
        """The rows of a table, the columns that can be written as text, in a fixed order."""
        names = [name for name, column in table.columns.items() if not column.generated and column.identity != "always"]
        columns = ", ".join(f"t.{identifier(name)}::pg_catalog.text" for name in names)
        statement = f"SELECT {columns} FROM {qualified(table.schema, table.name)} AS t ORDER BY t::pg_catalog.text"
        return [dict(zip(names, row, strict=True)) for row in self._connection.execute(statement.encode())]


class _Changed:
    def __init__(
        self, connection: psycopg.Connection[Any], sql: str, names: Sequence[str], path: tuple[str, ...]
    ) -> None:
        self._connection = connection
        self._sql = sql
        self._path = path
        self._names = list(names)

    def __enter__(self) -> Look | Refused:
        try:
            script = f"BEGIN; {_looking_in(self._path)};\n{self._sql or 'SELECT 1'};\n{_LOOK}"
            self._connection.execute(script.encode())
            row = self._connection.execute(
                catalog_statement(), {"names": self._names, "path": list(self._path)}, prepare=True
            ).fetchone()
        except psycopg.Error as error:
            return Refused(reason=first_line(error))
        if row is None:
            raise CannotEvaluate("the server gave no answer to the catalog query")
        return Look(self._connection, decode(row[0], self._path))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.execute("ROLLBACK")
