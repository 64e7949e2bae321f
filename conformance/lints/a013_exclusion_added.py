"""An exclusion constraint is added to a table in use.

In production: ACCESS EXCLUSIVE while its index is built; there is no way to build it beforehand.

Example: `ALTER TABLE t ADD EXCLUDE USING gist (during WITH &&);`

Instead: in a window in which nobody works, or in a new table.

Silent: on a table that the same file makes, or of which --rows says that it has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import added_constraints
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    for found in added_constraints(place, "exclude"):
        if place.known.small(place.deed.table):
            continue
        yield Hit(span=found.span, message=f"everybody waits for {place.deed.table} while the index is built")
