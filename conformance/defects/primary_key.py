"""A key that is gone, deferrable, partial, or on other columns."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, marked, mutant, other_column, table_of, without_index
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier
from conformance.model.uniqueness import key_columns

KIND = "primary-key"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    columns = _listed(requirement.columns)
    drop = _dropped(requirement, table)
    add = f"{alter(requirement)} ADD"
    create = f"CREATE UNIQUE INDEX an_index ON {table_of(requirement)}"
    yield mutant("dropped", *drop)
    yield mutant("deferrable", *drop, f"{add} PRIMARY KEY ({columns}) DEFERRABLE")
    yield mutant("a partial index", *drop, f"{create} ({columns}) WHERE true IS NOT NULL")
    yield mutant("an index that is not unique", *drop, f"CREATE INDEX an_index ON {table_of(requirement)} ({columns})")
    yield mutant("not valid", marked(table, _name(requirement, table), "indisvalid"))
    first = identifier(requirement.columns[0])
    yield mutant(
        "unique, but nullable",
        *drop,
        f"{alter(requirement)} ALTER COLUMN {first} DROP NOT NULL",
        f"{create} ({columns})",
    )
    if more := other_column(table, requirement.columns):
        yield mutant("on more columns", *drop, f"{add} PRIMARY KEY ({columns}, {identifier(more.name)})")
    if len(requirement.columns) > 1:
        yield mutant("on fewer columns", *drop, f"{add} PRIMARY KEY ({first})")
    yield mutant("with inheriting tables", f"CREATE TABLE a_child () INHERITS ({table_of(requirement)})")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    columns = _listed(requirement.columns)
    drop = _dropped(requirement, table)
    name = identifier(_name(requirement, table))
    yield mutant("of another name", f"{alter(requirement)} RENAME CONSTRAINT {name} TO a_key")
    yield mutant("a unique constraint", *drop, f"{alter(requirement)} ADD UNIQUE ({columns})")
    yield mutant("a unique index", *drop, f"CREATE UNIQUE INDEX an_index ON {table_of(requirement)} ({columns})")
    backwards = _listed(requirement.columns[::-1])
    yield mutant("in another order", *drop, f"{alter(requirement)} ADD PRIMARY KEY ({backwards})")


def _dropped(requirement: Requirement, table: Table) -> list[str]:
    """Every unique index on exactly these columns, gone."""
    wanted = set(requirement.columns)
    return [without_index(table, i.name) for i in table.indexes if i.unique and key_columns(i) == wanted]


def _name(requirement: Requirement, table: Table) -> str:
    wanted = set(requirement.columns)
    return next(i.name for i in table.indexes if i.unique and key_columns(i) == wanted)


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(identifier(name) for name in columns)
