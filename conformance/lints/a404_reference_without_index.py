"""A foreign key whose columns lead no index.

In production: each DELETE of a row that is referred to, and each ON DELETE CASCADE, reads the whole referring table.

Example: `goal_id uuid REFERENCES goals (id) ON DELETE CASCADE`, and no index on goal_id.

Instead: CREATE INDEX CONCURRENTLY on the columns.

Silent: where an index, or a key, of the same files begins with the columns; later in the same file counts too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.lint import Hit, Place
from conformance.model.sql import identifier

LEVEL = "note"


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table
    for constraint in constraints_written(place):
        if constraint.kind != "foreign key" or not constraint.columns or _led(place, table, set(constraint.columns)):
            continue
        columns = ", ".join(map(identifier, constraint.columns))
        yield Hit(
            span=constraint.span,
            message=f"deleting from {constraint.target} reads all of {table}: no index begins with {columns}",
            rewrite=f"CREATE INDEX CONCURRENTLY ON {identifier(table)} ({columns});",
        )


def _led(place: Place, table: str, columns: set[str]) -> bool:
    found = [keys for keys, _ in place.known.indexes.get(table, ())]
    found += [c.columns for c in constraints_written(place) if c.kind in ("unique", "primary key")]
    found += place.known.indexes_of_file(table)
    return any(set(keys[: len(columns)]) == columns for keys in found)
