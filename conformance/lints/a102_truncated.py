"""A table in use is emptied.

In production: all rows are gone; everybody waits for the table (ACCESS EXCLUSIVE) until the transaction ends.

Example: `TRUNCATE events;`

Instead: DELETE in batches, of what may really go.

Silent: for a table that the same file makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb == "truncate":
        names = [name for name in (deed.name, *deed.others) if not place.known.fresh(name)]
        if names:
            yield Hit(span=deed.span, message=f"every row of {', '.join(names)} is gone")
