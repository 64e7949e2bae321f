"""`approvals` is made text, or json, and not jsonb.

In production: votes are counted in jsonb; a text has none, and whoever counts them fails or counts zero.

Example: `ALTER TABLE approval_requests ADD COLUMN approvals text;`

Instead: `approvals jsonb NOT NULL DEFAULT '[]'`
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import columns_written
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    for column in columns_written(place):
        if place.deed.table == "approval_requests" and column.name == "approvals" and column.type != "jsonb":
            yield Hit(
                span=column.type_span, message=f"the votes of a request are counted in jsonb, not in {column.type}"
            )
