"""VACUUM FULL, CLUSTER, or REINDEX without CONCURRENTLY.

In production: the table (REINDEX: whoever needs the index) waits until all of it has been written anew.

Example: `REINDEX TABLE tasks;`

Instead: REINDEX … CONCURRENTLY; pg_repack for the table.

Silent: VACUUM without FULL; for a table of which --rows says that it has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if place.known.small(deed.name):
        return
    full = deed.verb == "vacuum" and "full" in deed.flags
    if full or deed.verb == "cluster" or (deed.verb == "reindex" and "concurrently" not in deed.flags):
        yield Hit(span=deed.span, message=f"everybody waits while {deed.name} is written anew")
