"""A table, a column, a view, a type, a value of an enum, a function or a schema in use is renamed.

In production: the code that runs names the old one, and fails from that moment on; the new code fails until then.

Example: `ALTER TABLE agents RENAME COLUMN type TO agent_type;`

Instead: a new column, written by both and filled, until no running code reads the old one; for a table, a view of the
old name.

Silent: for what the same file makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_NAMED = tuple(f"alter {kind}" for kind in ("view", "materialized view", "type", "domain", "function", "schema"))
_RENAMES = ("rename to ", "rename value ", "rename attribute ", "rename column ")


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "rename to", "rename column"):
        old = f"{place.deed.table}.{action.name}" if action.name else place.deed.table
        yield Hit(span=action.span, message=f"running code that names {old} fails from that moment on")
    deed = place.deed
    if deed.verb in _NAMED and (words := " ".join(deed.text.lower().split())).startswith(_RENAMES):
        old = deed.name if words.startswith("rename to") else f"{deed.text.split()[2]} of {deed.name}"
        yield Hit(span=deed.span, message=f"running code that names {old} fails from that moment on")
