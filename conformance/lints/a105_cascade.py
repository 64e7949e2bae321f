"""DROP … CASCADE or TRUNCATE … CASCADE.

In production: what depends on it goes too, or is emptied too, whatever that is by then: foreign keys, views, tables.

Example: `DROP TABLE agents CASCADE;`

Instead: name what should go, in the order in which it may.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if (deed.verb.startswith("drop ") or deed.verb == "truncate") and "cascade" in deed.flags:
        yield Hit(span=deed.span, message=f"whatever hangs on {deed.name} by then goes with it, unnamed")
    for action in deed.actions:
        if "cascade" in action.flags:
            yield Hit(span=action.span, message=f"whatever hangs on {action.name} by then goes with it, unnamed")
