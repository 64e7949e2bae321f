"""A documented foreign key does something else on delete than is documented.

In production: CASCADE takes rows along that should have stayed; without it a DELETE that should work is refused, or
rows are left behind that should have gone.

Example: `agent_id uuid REFERENCES agents (id)` in agent_documents, which is documented as ON DELETE CASCADE.

Instead: the documented action; `conformance explain 0013/agent_documents.agent_id/on-delete` has it.

Silent: RESTRICT for NO ACTION and the other way about; where a later statement makes the key anew, or drops it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_ALIKE = frozenset({"no action", "restrict"})


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table
    for constraint in constraints_written(place):
        if constraint.kind != "foreign key" or place.known.made_anew(place.deed, constraint):
            continue
        asked = place.documented.on_delete.get((table, constraint.columns), constraint.on_delete)
        if asked != constraint.on_delete and not {asked, constraint.on_delete} <= _ALIKE:
            what = f"ON DELETE {constraint.on_delete.upper()}"
            message = f"{what} here, where the documentation of {table} says {asked.upper()}"
            yield Hit(span=constraint.span, message=message)
