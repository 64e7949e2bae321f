"""SET NOT NULL on a table in use, without a CHECK that has proven it.

In production: everybody waits for the table (ACCESS EXCLUSIVE) until every row has been read.

Example: `ALTER TABLE agents ALTER COLUMN name SET NOT NULL;`

Instead: CHECK (name IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT, then SET NOT NULL, which then reads no row, then
drop the CHECK.

Silent: where such a CHECK was validated before; on a table that the same file makes, or of which --rows says that it
has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place
from conformance.model.sql import identifier

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table
    for action in acts(place, "set not null"):
        if place.known.small(place.deed.table) or place.known.proven_not_null(table, action.name):
            continue
        name, of, check = identifier(action.name), identifier(table), identifier(f"{table}_{action.name}_present")
        yield Hit(
            span=action.span,
            message=f"everybody waits for {table} while every row is read",
            rewrite=f"ALTER TABLE {of} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID;\n"
            f"-- then, each in a transaction of its own:\nALTER TABLE {of} VALIDATE CONSTRAINT {check};\n"
            f"ALTER TABLE {of} ALTER COLUMN {name} SET NOT NULL;\nALTER TABLE {of} DROP CONSTRAINT {check};",
        )
