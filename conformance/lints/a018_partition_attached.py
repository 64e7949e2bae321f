"""A table with rows is attached as a partition, without a CHECK that says which rows it has.

In production: whoever needs that table waits (ACCESS EXCLUSIVE) until every row of it has been read; the rows of a
default partition are read alike.

Example: `ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`

Instead: CHECK (at IS NOT NULL AND at >= '2024-01-01' AND at < '2025-01-01') NOT VALID on it, then VALIDATE CONSTRAINT,
then ATTACH PARTITION, which then reads no row.

Silent: for a table that the same file makes, that has a CHECK, or of which --rows says that it has few rows.

Limits: whether the CHECK is the right one is for the server to see.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts, brief
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "attach partition"):
        if not brief(place, action.name) and not place.known.checked(action.name):
            yield Hit(span=action.span, message=f"everybody waits for {action.name} while every row of it is read")
