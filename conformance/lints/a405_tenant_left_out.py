"""A new table has org_id, and a unique key of it leaves that out, or all its indexes do.

In production: what one organization names, another can no longer name, and learns that the name is taken; and whoever
asks for the rows of one organization reads those of all.

Example: `CREATE TABLE notes (org_id uuid, slug text UNIQUE);`

Instead: UNIQUE (org_id, slug), which is such an index as well.

Silent: primary keys, and keys over the table's own id; the documented keys (agents' names are unique by themselves);
for the indexes where org_id is a foreign key, of which A404 speaks.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.lint import Hit, Place

LEVEL = "note"

_DOCUMENTED = frozenset({"agents", "tool_definitions", "organizations", "users", "slack_workspaces"})


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    names = {column.name for column in deed.definitions}
    if deed.verb != "create table" or "org_id" not in names or deed.table in _DOCUMENTED:
        return
    constraints = list(constraints_written(place))
    for constraint in constraints:
        keys = set(constraint.columns)
        own = {"org_id", "id"} & keys or any(name.endswith("_id") for name in keys)
        if constraint.kind == "unique" and not own:
            message = f"what one organization puts into {', '.join(constraint.columns)} is taken for all others"
            yield Hit(span=constraint.span, message=message)
    led = [c.columns for c in constraints if c.kind in ("unique", "primary key", "foreign key")]
    if not any("org_id" in columns for columns in (*led, *place.known.indexes_of_file(deed.table))):
        span = next(column.span for column in deed.definitions if column.name == "org_id")
        message = f"whoever asks for one organization's rows reads all of {deed.table}: org_id is in no index"
        yield Hit(span=span, message=message)
