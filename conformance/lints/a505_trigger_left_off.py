"""A trigger is disabled, and the file does not enable it again.

In production: what it kept (a foreign key, `updated_at`, a log) is no longer kept, and nothing says so.

Example: `ALTER TABLE goals DISABLE TRIGGER ALL;`

Instead: ENABLE TRIGGER at the end of the file; better, no DISABLE.

Silent: where a later statement of the same file enables it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    for action in deed.actions:
        if action.verb != "disable trigger":
            continue
        if not place.known.enabled_behind(deed.table, action.name.lower(), place.number):
            yield Hit(span=action.span, message=f"what the trigger keeps in {deed.table} is kept no longer")
