"""The ways in which each kind of claim is broken, and the spellings that keep it: what `conformance selftest` applies.

A module a kind, found by its `KIND`. `defects(requirement, table)` are scripts after which the requirement must fail,
`equivalents(requirement, table)` scripts after which it must still pass. Both run on a conforming schema in a
transaction that is rolled back; `table` is what the catalog says of the requirement's table before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.model.catalog import Column, Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One script. `name` says what it does in the contract's words; `oldest` is the first major that can do it."""

    name: str
    sql: str
    oldest: int = 12


def mutant(name: str, *statements: str, oldest: int = 12) -> Mutant:
    """A mutant of statements that need no semicolon."""
    return Mutant(name=name, sql=";\n".join(statements), oldest=oldest)


def table_of(requirement: Requirement) -> str:
    """The requirement's table, as SQL names it."""
    return identifier(requirement.table)


def alter(requirement: Requirement) -> str:
    """`ALTER TABLE t`."""
    return f"ALTER TABLE {table_of(requirement)}"


def readded(requirement: Requirement, declaration: str) -> tuple[str, str]:
    """The requirement's column dropped with all that hangs on it, and added again with another declaration."""
    column = identifier(requirement.columns[0])
    return (
        f"{alter(requirement)} DROP COLUMN {column} CASCADE",
        f"{alter(requirement)} ADD COLUMN {column} {declaration}",
    )


def without_checks(table: Table, columns: Iterable[str]) -> tuple[str, ...]:
    """Statements that drop every CHECK of the table that touches the columns."""
    touched = set(columns)
    return tuple(
        f"ALTER TABLE {identifier(table.name)} DROP CONSTRAINT {identifier(check.name)}"
        for check in table.checks
        if touched & set(check.columns)
    )


def checked(
    requirement: Requirement, table: Table, name: str, condition: str, *, suffix: str = "", oldest: int = 12
) -> Mutant:
    """The CHECKs over the requirement's columns replaced by one with this condition."""
    return mutant(
        name,
        *without_checks(table, requirement.columns),
        f"{alter(requirement)} ADD CONSTRAINT a_check CHECK ({condition}){suffix}",
        oldest=oldest,
    )


def without_index(table: Table, name: str) -> str:
    """The statement that drops an index, or the constraint that it backs and what depends on it."""
    for index in table.indexes:
        if index.name == name and index.constraint is not None:
            return f"ALTER TABLE {identifier(table.name)} DROP CONSTRAINT {identifier(index.constraint)} CASCADE"
    return f"DROP INDEX {identifier(name)}"


def marked(table: Table, name: str, flag: str) -> str:
    """An index as a failed CREATE INDEX CONCURRENTLY leaves it."""
    return (
        f"UPDATE pg_catalog.pg_index SET {flag} = false"
        f" WHERE indexrelid = '{identifier(table.schema)}.{identifier(name)}'::pg_catalog.regclass"
    )


def declared(column: Column) -> str:
    """The column's type as `format_type` prints it, under an empty search_path."""
    return column.type.declared


def other_column(table: Table, columns: Iterable[str]) -> Column | None:
    """A NOT NULL column of the table besides these."""
    taken = set(columns)
    return next((c for c in table.columns.values() if c.name not in taken and c.not_null), None)
