"""An index is dropped, and not CONCURRENTLY.

In production: ACCESS EXCLUSIVE on its table: short, but everybody waits behind it while it waits for the last query.

Example: `DROP INDEX idx_tasks_status;`

Instead: DROP INDEX CONCURRENTLY, outside of a transaction.

Limits: an index that the same file makes is said too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import after_words, inserted, said
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb == "drop index" and "concurrently" not in deed.flags:
        at = after_words(place, deed.span.start, "drop", "index")
        alone = not place.transaction and not deed.guarded and not deed.others and "cascade" not in deed.flags
        yield Hit(
            span=deed.span,
            message=f"everybody waits for the table of {deed.name} until the last query on it has ended",
            rewrite=f"DROP INDEX CONCURRENTLY{said(place, at, deed.span.end)};",
            edits=inserted(at, " CONCURRENTLY") if alone and len(place.statement.deeds) == 1 else (),
        )
