"""A column that is gone, called otherwise, or not the client's to write."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, declared, mutant, readded
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "column"

_WHOLE = ("integer", "bigint", "smallint")


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column = identifier(requirement.columns[0])
    of_type = declared(table.columns[requirement.columns[0]])
    yield mutant("dropped", f"{alter(requirement)} DROP COLUMN {column} CASCADE")
    yield mutant(
        "renamed",
        f"{alter(requirement)} RENAME COLUMN {column} TO {identifier(requirement.columns[0] + '_')}",
    )
    yield mutant("in capitals", f'{alter(requirement)} RENAME COLUMN {column} TO "{requirement.columns[0].upper()}"')
    yield mutant(
        "generated always, stored",
        *readded(requirement, f"{of_type} GENERATED ALWAYS AS (NULL::{of_type}) STORED"),
    )
    if of_type in _WHOLE:
        yield mutant("generated always as identity", *readded(requirement, f"{of_type} GENERATED ALWAYS AS IDENTITY"))


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column = identifier(requirement.columns[0])
    of_type = declared(table.columns[requirement.columns[0]])
    yield mutant("added again, last", *readded(requirement, of_type))
    null = " NOT NULL" if table.columns[requirement.columns[0]].not_null else ""
    yield mutant(
        "inherited",
        f"CREATE TABLE a_parent ({column} {of_type}{null})",
        f"{alter(requirement)} INHERIT a_parent",
    )
