"""A new table has org_id, and a unique key of it leaves that out.

In production: what one organization names, another can no longer name, and learns that the name is taken.

Example: `CREATE TABLE notes (org_id uuid, slug text UNIQUE);`

Instead: UNIQUE (org_id, slug).

Silent: primary keys, and keys over the table's own id; the documented keys (agents' names are unique by themselves).
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "note"

_DOCUMENTED = frozenset({"agents", "tool_definitions", "organizations", "users", "slack_workspaces"})


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    names = {column.name for column in deed.definitions}
    if deed.verb != "create table" or "org_id" not in names or deed.table in _DOCUMENTED:
        return
    for constraint in (*deed.constraints, *(c for column in deed.definitions for c in column.constraints)):
        keys = set(constraint.columns)
        own = {"org_id", "id"} & keys or any(name.endswith("_id") for name in keys)
        if constraint.kind == "unique" and not own:
            message = f"what one organization puts into {', '.join(constraint.columns)} is taken for all others"
            yield Hit(span=constraint.span, message=message)
