"""A table that is gone, called otherwise, elsewhere, or not a table."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, mutant, table_of
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "table"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    name, rows = table_of(requirement), identifier(f"{requirement.table}_rows")
    moved = f"{alter(requirement)} RENAME TO {rows}"
    yield mutant("dropped", f"DROP TABLE {name} CASCADE")
    yield mutant("renamed", moved)
    yield mutant("in capitals", f'{alter(requirement)} RENAME TO "{requirement.table.upper()}"')
    yield mutant("in a schema off the path", "CREATE SCHEMA elsewhere", f"{alter(requirement)} SET SCHEMA elsewhere")
    yield mutant("a view that takes no rows", moved, f"CREATE VIEW {name} AS SELECT DISTINCT * FROM {rows}")
    yield mutant("a materialized view", moved, f"CREATE MATERIALIZED VIEW {name} AS SELECT * FROM {rows}")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    name, rows = table_of(requirement), identifier(f"{requirement.table}_rows")
    yield mutant("of another owner", "CREATE ROLE somebody", f"{alter(requirement)} OWNER TO somebody")
    yield mutant("with row security", f"{alter(requirement)} ENABLE ROW LEVEL SECURITY")
    yield mutant(
        "a view that takes rows",
        f"{alter(requirement)} RENAME TO {rows}",
        f"CREATE VIEW {name} AS SELECT * FROM {rows}",
    )
