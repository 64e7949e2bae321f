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
        later = [
            one.name
            for statement in place.after()
            for other in statement.deeds
            if other.table == deed.table
            for one in other.actions
            if one.verb == "enable trigger"
        ]
        if not {action.name.lower(), "all"} & {name.lower() for name in later}:
            yield Hit(span=action.span, message=f"what the trigger keeps in {deed.table} is kept no longer")
