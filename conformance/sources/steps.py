"""A history of steps on a database of ours, in one transaction that is rolled back: each step can be taken back, and
the rows and the invariants are looked at behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from conformance.errors import CannotEvaluate
from conformance.model.catalog import Catalog, Table
from conformance.model.look import Seen
from conformance.model.looking import Asked, Looking
from conformance.model.sql import identifier, literal, qualified
from conformance.sources.asking import first_line
from conformance.sources.held import Held
from conformance.sources.proving import ACCIDENTS, by_data, connected, judge_server
from conformance.sources.rows import Looker

_PREPARED = 500
_SPEAK = "SET CONSTRAINTS ALL IMMEDIATE"
_BLIND = "SET LOCAL search_path = ''"


class Steps(Held):
    """One connection. Raises `CannotEvaluate` where the server itself fails."""

    def __init__(self, url: str, catalog: Catalog, path: Sequence[str]) -> None:
        self._url = url
        self._path = f"SET LOCAL search_path = {', '.join(map(literal, path))}"
        tables = {name: table for name, table in catalog.tables.items() if table.is_table}
        self._rows = f"SELECT pg_catalog.jsonb_build_object({', '.join(_all(table) for table in tables.values())})"

    def __enter__(self) -> Steps:
        self._connection = connected(self._url)
        self._connection.prepare_threshold = 2
        self._connection.prepared_max = _PREPARED
        return self

    def begin(self, statements: Sequence[str]) -> str:
        """A new history, with what it begins with: the server's words where it refuses that, or ""."""
        self.connection.execute(b"ROLLBACK")
        self.connection.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ")
        return self.run(statements)

    def run(self, statements: Sequence[str]) -> str:
        """What the server says where it refuses the step, of which then nothing is left; "" where it takes it."""
        script = ";\n".join(["SAVEPOINT step", self._path, *statements, _SPEAK, _BLIND])
        try:
            self.connection.execute(script.encode())
        except psycopg.Error as error:
            judge_server(error)
            if error.sqlstate in ACCIDENTS:
                raise CannotEvaluate(f"a step was lost to an accident: {first_line(error)}") from None
            self.undo()
            return first_line(error) if by_data(error) else f"{first_line(error)} ({error.sqlstate})"
        return ""

    def undo(self) -> None:
        """The last step has not been."""
        self.connection.execute(b"ROLLBACK TO SAVEPOINT step")
        self.connection.execute(_BLIND.encode())

    def rows(self) -> Mapping[str, list[dict[str, Any]]]:
        """What is in the tables."""
        row = self.connection.execute(self._rows.encode()).fetchone()
        return {table: some or [] for table, some in (row[0] if row else {}).items()}

    def looked(self, asked: Sequence[Asked], looking: Looking) -> Mapping[str, Seen]:
        """What the looks of invariants see of the rows."""
        looker = Looker(self.connection, looking)
        self.connection.execute(b"SAVEPOINT looks")
        try:
            return looker.quickly(asked)
        except psycopg.Error as error:
            judge_server(error)
            self.connection.execute(b"ROLLBACK TO SAVEPOINT looks")
            return Looker(self.connection, looking).take(asked)


def _all(table: Table) -> str:
    """The name and the rows of a table, without what is NULL in a jsonb column: None is JSON's null there."""
    nulls = "".join(
        f" - CASE WHEN t.{identifier(name)} IS NULL THEN {literal(name)} ELSE '' END"
        for name, column in table.columns.items()
        if column.type.name == "jsonb" and not column.type.array
    )
    source = qualified(table.schema, table.name)
    return f"{literal(table.name)}, (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t){nulls}) FROM {source} AS t)"
