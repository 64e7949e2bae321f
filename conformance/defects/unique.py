"""A uniqueness that is gone, late, partial, or on other columns or values."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, marked, mutant, other_column, table_of, without_index
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier
from conformance.model.uniqueness import key_columns

KIND = "unique"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    columns = ", ".join(identifier(name) for name in requirement.columns)
    first = identifier(requirement.columns[0])
    own = _own(requirement, table)
    drop = [without_index(table, name) for name in own]
    add = f"{alter(requirement)} ADD UNIQUE"
    on = f"UNIQUE INDEX an_index ON {table_of(requirement)}"
    yield mutant("dropped", *drop)
    yield mutant("deferrable", *drop, f"{add} ({columns}) DEFERRABLE")
    yield mutant("deferred", *drop, f"{add} ({columns}) DEFERRABLE INITIALLY DEFERRED")
    yield mutant("a partial index", *drop, f"CREATE {on} ({columns}) WHERE {first} IS NOT NULL")
    yield mutant("an index that is not unique", *drop, f"CREATE INDEX an_index ON {table_of(requirement)} ({columns})")
    yield mutant("not valid", *(marked(table, name, "indisvalid") for name in own))
    yield mutant("not ready", *(marked(table, name, "indisready") for name in own))
    yield mutant("on an expression", *drop, f"CREATE {on} (({first}::text || ''), {columns})")
    if table.columns[requirement.columns[0]].type.name == "text":
        rest = ", ".join(identifier(name) for name in requirement.columns[1:])
        yield mutant("folded", *drop, f"CREATE {on} (lower({first}){', ' + rest if rest else ''})")
    if more := other_column(table, requirement.columns):
        yield mutant("on more columns", *drop, f"{add} ({columns}, {identifier(more.name)})")
    if len(requirement.columns) > 1:
        yield mutant("on fewer columns", *drop, f"{add} ({first})")
        yield mutant("on fewer columns besides", f"{add} ({first})")
    yield mutant("with inheriting tables", f"CREATE TABLE a_child () INHERITS ({table_of(requirement)})")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    columns = ", ".join(identifier(name) for name in requirement.columns)
    drop = [without_index(table, name) for name in _own(requirement, table)]
    on = f"UNIQUE INDEX an_index ON {table_of(requirement)}"
    yield mutant("a unique index", *drop, f"CREATE {on} ({columns})")
    yield mutant("of another name", *drop, f"{alter(requirement)} ADD CONSTRAINT another_name UNIQUE ({columns})")
    backwards = ", ".join(identifier(name) for name in requirement.columns[::-1])
    yield mutant("in another order", *drop, f"CREATE {on} ({backwards})")
    yield mutant("NULLS NOT DISTINCT", *drop, f"CREATE {on} ({columns}) NULLS NOT DISTINCT", oldest=15)
    if more := other_column(table, requirement.columns):
        yield mutant("with a column included", *drop, f"CREATE {on} ({columns}) INCLUDE ({identifier(more.name)})")


def _own(requirement: Requirement, table: Table) -> list[str]:
    wanted = set(requirement.columns)
    return [index.name for index in table.indexes if index.unique and key_columns(index) == wanted]
