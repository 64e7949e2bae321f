"""Agents' names are made unique per organization, or without regard to case, and not as they are documented: by
themselves.

In production: two agents of one name in two organizations; whoever asks for an agent by its name gets either.

Example: `CREATE UNIQUE INDEX ON agents (org_id, name);`

Instead: `ALTER TABLE agents ADD CONSTRAINT agents_name_key UNIQUE (name);` (see 0015/agents.name/unique)

Silent: where another index or key of the same files is on the name alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    known = place.known.indexes.get("agents", ())
    if deed.table != "agents" or any(columns == ("name",) and "unique" in flags for columns, flags in known):
        return
    if deed.verb == "create index" and "unique" in deed.flags:
        folded = "expression" in deed.flags and "name" in deed.text
        partial = "partial" in deed.flags and deed.columns == ("name",)
        if folded or partial or ("name" in deed.columns and len(deed.columns) > 1):
            message = "two agents may still have the same name: it is unique only with something else"
            yield Hit(span=deed.span, message=message)
    for constraint in constraints_written(place):
        if constraint.kind == "unique" and "name" in constraint.columns and len(constraint.columns) > 1:
            others = ", ".join(name for name in constraint.columns if name != "name")
            yield Hit(span=constraint.span, message=f"two agents may have the same name, if they differ in {others}")
