"""A unique or primary key is added to a table in use, and its index is built while everybody waits.

In production: ACCESS EXCLUSIVE on the table for as long as reading and sorting all of it takes.

Example: `ALTER TABLE agents ADD CONSTRAINT agents_name_key UNIQUE (name);`

Instead: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.

Silent: USING INDEX; on a table that the same file makes, or of which --rows says that it has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import added_columns, added_constraints
from conformance.model.deed import Constraint
from conformance.model.lint import Hit, Place
from conformance.model.sql import identifier

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    found = [*added_constraints(place, "unique", "primary key")]
    found += [c for column in added_columns(place) for c in column.constraints if c.kind in ("unique", "primary key")]
    table = place.deed.table
    for constraint in found:
        if constraint.using_index or "only" in place.deed.flags or place.known.small(table):
            continue
        name = identifier(constraint.name or f"{table}_{'_'.join(constraint.columns)}_key")
        of, columns = identifier(table), ", ".join(map(identifier, constraint.columns))
        rewrite = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {of} ({columns});\n"
        rewrite += f"ALTER TABLE {of} ADD CONSTRAINT {name} {constraint.kind.upper()} USING INDEX {name};"
        if place.known.partitioned(table):
            rewrite = f"ALTER TABLE ONLY {of} ADD CONSTRAINT {name} {constraint.kind.upper()} ({columns});\n"
            rewrite += "-- then on each partition as for a table, and ALTER INDEX … ATTACH PARTITION …;"
        message = f"everybody waits for {table} while the index of its {_key(constraint)} is built"
        yield Hit(span=constraint.span, message=message, rewrite=rewrite)


def _key(constraint: Constraint) -> str:
    return "unique key" if constraint.kind == "unique" else constraint.kind
