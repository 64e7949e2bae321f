"""One transaction locks several tables in use.

In production: it holds the first while it waits for the next; with another transaction that takes them in another
order it deadlocks, and whoever needs one of them waits for all.

Example: `BEGIN; ALTER TABLE tasks …; ALTER TABLE goals …; COMMIT;`

Instead: a transaction, or a file, for each table.

Silent: where each statement is a transaction of its own; for tables that the same file makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.locks import locked
from conformance.model.lint import Hit, Place

LEVEL = "note"


def look(place: Place) -> Iterator[Hit]:
    own = locked(place.deed, place.known) if place.transaction else ()
    others = [table for table in dict.fromkeys(place.known.held) if table not in own]
    if own and others and not set(own) <= set(place.known.held):
        message = f"{own[0]} is locked while {', '.join(others)} {'is' if len(others) == 1 else 'are'} held"
        yield Hit(span=place.deed.span, message=message)
