"""A partition is detached from a table in use, and not CONCURRENTLY.

In production: ACCESS EXCLUSIVE on the whole partitioned table: everybody waits for it while it waits for the last
query.

Example: `ALTER TABLE events DETACH PARTITION events_2024;`

Instead: DETACH PARTITION … CONCURRENTLY, outside of a transaction.

Silent: before PostgreSQL 14, which has no other way; on a table that the same file makes.

Limits: a table with a default partition refuses it CONCURRENTLY.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts, said
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_SINCE = 14


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "detach partition"):
        if place.major >= _SINCE and action.text.lower().split()[-1] not in ("concurrently", "finalize"):
            head = said(place, place.deed.span.start, action.span.end)
            yield Hit(
                span=action.span,
                message=f"everybody waits for all of {place.deed.table} until the last query on it has ended",
                rewrite=f"{head} CONCURRENTLY;",
            )
