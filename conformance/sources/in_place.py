"""The very database, provoked by somebody who owns it: examples that leave nothing, between transactions of others.

Nothing is set for the session, which a pooler may give to others: every example begins with its own `SET LOCAL`, waits
for no lock of others for long, and is rolled back. Rows that are there already are told from those of an example."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import psycopg

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.catalog import Catalog
from conformance.model.experiment import Experiment, Result
from conformance.model.leftover import Leftover
from conformance.model.sql import literal, qualified
from conformance.sources.asking import first_line
from conformance.sources.proving import SETTINGS, Rig

LOCK_TIMEOUT = "200ms"
_PATIENCE = 20
"""So many examples in a row may find a lock of others in their way, before the run ends without a verdict."""
_KEY = re.compile(r"Key \((?P<keys>.*)\)=\((?P<values>.*)\) already exists\.\Z", re.DOTALL)
_OF_ROWS = ("ExecWithCheckOptions", "exec_stmt_raise")
"""Where the server refuses a row for want of a right, by a policy or a trigger; elsewhere the role lacks one."""
_GUARDED = "SELECT pg_catalog.row_security_active(%s::pg_catalog.regclass)"
_RIGHTS = """
SELECT pg_catalog.string_agg(p.name, ', ')
FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS p (name)
WHERE NOT pg_catalog.has_table_privilege(%s::pg_catalog.regclass, p.name)
"""


class InPlace(Rig):
    """One connection to a database of somebody's, on which examples are tried in place."""

    def __init__(self, url: str, name: str, path: Sequence[str]) -> None:
        super().__init__(url)
        self._name = name
        self._in_the_way = 0
        schemas = ", ".join(literal(schema) for schema in path) or "''"
        own = {**SETTINGS, "lock_timeout": LOCK_TIMEOUT, "idle_in_transaction_session_timeout": "60s"}
        settings = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in own.items())
        self.opening = f"BEGIN; {settings}; SET LOCAL search_path = {schemas}"
        self.session = ""

    def __enter__(self) -> InPlace:
        super().__enter__()
        row = self.connection.execute(b"SELECT pg_catalog.current_database()").fetchone()
        if row is None or row[0] != self._name:
            self.connection.close()
            raise UsageError("the connection leads to another database than was named; nothing was tried")
        return self

    def tried(self, experiment: Experiment) -> Result:
        """What becomes of an example. Raises `CannotEvaluate` where the server fails, or locks of others do not go."""
        result = super().tried(experiment)
        self._in_the_way = self._in_the_way + 1 if result.fate == "lost" and "lock timeout" in result.observed else 0
        if self._in_the_way >= _PATIENCE:
            raise CannotEvaluate(f"{_PATIENCE} examples in a row waited for a lock of another session; try again later")
        return result

    def rights_lacking(self, catalog: Catalog) -> Mapping[str, str]:
        """For each table the rights that this role lacks to put rows in and take them out again."""
        found = {}
        try:
            for name, table in catalog.tables.items():
                row = self.connection.execute(_RIGHTS.encode(), [qualified(table.schema, name)]).fetchone()
                if row is not None and row[0]:
                    found[name] = str(row[0])
        except psycopg.Error as error:
            raise CannotEvaluate(f"the rights of this role could not be asked: {first_line(error)}") from None
        return found

    def unguarded(self, catalog: Catalog) -> list[str]:
        """The tables with policies that this role stands above."""
        guarded = [table for table in catalog.tables.values() if table.row_security]
        found = []
        try:
            for table in guarded:
                row = self.connection.execute(_GUARDED.encode(), [qualified(table.schema, table.name)]).fetchone()
                if row is None or not row[0]:
                    found.append(table.name)
        except psycopg.Error as error:
            raise CannotEvaluate(f"the policies for this role could not be asked: {first_line(error)}") from None
        return sorted(found)

    def unlike(self, error: psycopg.Error) -> str:
        """Why a refusal is due to a row that was there already, or to this role, or ""."""
        detail, diagnosis = error.diag.message_detail or "", error.diag
        if error.sqlstate == "42501" and diagnosis.source_function not in _OF_ROWS:
            return f"this role lacks a right: {first_line(error)}"
        if error.sqlstate == "23P01":
            return "it conflicts with another row, which may have been there already"
        match = _KEY.match(detail)
        if error.sqlstate != "23505":
            return ""
        if match is None or not diagnosis.schema_name or not diagnosis.table_name:
            return "it conflicts with another row, which may have been there already"
        self.connection.execute(b"ROLLBACK")
        table = qualified(diagnosis.schema_name, diagnosis.table_name)
        there = f"concat_ws(', ', {match['keys']}) = {literal(match['values'])}"
        try:
            asked = f"{self.opening}; SELECT EXISTS (SELECT FROM {table} WHERE pg_catalog.{there})"
            cursor = self.connection.execute(asked.encode())
            while cursor.nextset():
                continue
            row = cursor.fetchone()
        except psycopg.Error as failure:
            return f"whether a row is in the way could not be asked: {first_line(failure)}"
        return "a row that was there already has this key" if row is None or row[0] else ""


def out_of_reach(catalog: Catalog, lacking: Mapping[str, str]) -> tuple[Leftover, ...]:
    """What cannot be provoked in place."""
    left = [
        Leftover(table=name, what=f"table {name}", why=f"this role lacks the right to {rights} there")
        for name, rights in lacking.items()
    ]
    for name, table in catalog.tables.items():
        for key in table.foreign_keys:
            target = catalog.tables.get(key.target)
            column = target.columns.get(key.target_columns[0]) if target is not None else None
            if column is not None and column.type.name not in ("uuid", "text", "varchar"):
                why = f"keys of {key.target} that are not taken yet cannot be told beforehand"
                what = f"foreign key {key.name} of {name}"
                left.append(Leftover(table=name, what=what, why=why, claims=("foreign-key", "on-delete")))
    return tuple(left)
