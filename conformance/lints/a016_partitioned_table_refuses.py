"""What PostgreSQL does for a table, and refuses for one that is partitioned.

In production: the migration stops with an error, after what stands before it was done or with it taken back.

Example: `CREATE INDEX CONCURRENTLY idx ON events (goal_id);` where events is partitioned.

Instead: of an index, CREATE INDEX … ON ONLY the table, then CONCURRENTLY on each partition, then ALTER INDEX … ATTACH
PARTITION; of a key or a constraint, the same on each partition.

Silent: where the server of --postgres does it: a foreign key that is NOT VALID from 18 on, EXCLUDE from 17, CLUSTER
from 15, BEFORE triggers FOR EACH ROW from 13.

Limits: that a table is partitioned is known where the file that makes it is among those that are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table or place.deed.name
    if not place.known.partitioned(table):
        return
    for span, what, since in _refused(place):
        if since is None or place.major < since:
            until = f", and PostgreSQL {place.major} cannot do it yet" if since else ""
            yield Hit(span=span, message=f"{what} is refused: {table} is partitioned{until}")


def _refused(place: Place) -> Iterator[tuple[Span, str, int | None]]:
    """What is written, where, and since when a server does it."""
    deed = place.deed
    if deed.verb == "create index" and "concurrently" in deed.flags:
        yield deed.span, "CREATE INDEX CONCURRENTLY", None
    elif deed.verb == "cluster":
        yield deed.span, "CLUSTER", 15
    elif deed.verb == "create trigger" and "each row" in deed.flags and re.search(r"\bbefore\b", deed.text, re.I):
        yield deed.span, "a BEFORE trigger FOR EACH ROW", 13
    elif deed.verb == "alter table":
        for constraint in constraints_written(place):
            if constraint.using_index:
                yield constraint.span, "USING INDEX", None
            elif constraint.kind == "foreign key" and constraint.not_valid:
                yield constraint.span, "a foreign key that is NOT VALID", 18
            elif constraint.kind == "exclude":
                yield constraint.span, "EXCLUDE", 17
