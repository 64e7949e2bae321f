"""VACUUM FULL, CLUSTER, REINDEX without CONCURRENTLY, SET UNLOGGED, SET TABLESPACE and the like.

In production: the table (REINDEX: whoever needs the index) waits until all of it has been written anew.

Example: `REINDEX TABLE tasks;`

Instead: REINDEX … CONCURRENTLY; pg_repack for the table.

Silent: on a table that the same file makes; VACUUM without FULL; for a table of which --rows says that it has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts, brief
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if brief(place, deed.name):
        return
    full = deed.verb == "vacuum" and "full" in deed.flags
    if full or deed.verb == "cluster" or (deed.verb == "reindex" and "concurrently" not in deed.flags):
        yield Hit(span=deed.span, message=f"everybody waits while {deed.name} is written anew")
    for action in acts(place, "set unlogged", "set logged", "set tablespace", "set access", "alter column"):
        if action.verb != "alter column" or action.text.lower().startswith("set expression"):
            yield Hit(span=action.span, message=f"everybody waits while {deed.name} is written anew")
