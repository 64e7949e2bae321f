"""A table in use is locked, and nothing says how long to wait for the lock.

In production: while the migration waits behind one long query, everybody who comes later waits behind the migration.

Example: a file that begins with `ALTER TABLE tasks ADD COLUMN …`.

Instead: `SET lock_timeout = '5s';` at the head of the file, and run it again if it stops.

Silent: once lock_timeout is set; for tables that the same file makes. Said once a file.

Limits: a tool that sets it for every file is not seen: --ignore A009.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import inserted
from conformance.deeds.locks import locked
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_TIMED = "SET lock_timeout = '5s';"


def look(place: Place) -> Iterator[Hit]:
    if locked(place.deed, place.known) and not place.known.waited:
        yield Hit(
            span=place.deed.span,
            message=f"{place.deed.verb.upper()} may wait for its lock without end, and everybody behind it",
            rewrite=_TIMED,
            edits=inserted(place.deed.span.start, f"{_TIMED}\n") if len(place.statement.deeds) == 1 else (),
        )
