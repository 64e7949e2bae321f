"""A part of a file that is no statement of SQL: a command of psql, a COPY with its rows, a quote without an end.

In production: only psql runs it; a migration tool, and the server, stop there.

Example: `\\i other.sql`

Instead: SQL alone; INSERT for rows.

Limits: what stands in it is judged by no other lint.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    if place.statement.fault:
        yield Hit(span=place.deed.span, message=place.statement.fault)
