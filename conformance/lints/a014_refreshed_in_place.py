"""A materialized view is refreshed, and not CONCURRENTLY.

In production: nobody reads it until the query behind it has run.

Example: `REFRESH MATERIALIZED VIEW totals;`

Instead: REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on it.

Silent: for a view that the same file makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    fresh = place.known.fresh(deed.name)
    if deed.verb == "refresh materialized view" and "concurrently" not in deed.flags and not fresh:
        yield Hit(span=place.deed.span, message="nobody can read the view while its query runs")
