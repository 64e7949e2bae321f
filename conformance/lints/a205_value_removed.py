"""A CHECK lists fewer values than the one before it.

In production: one row that has such a value stops the migration (NOT VALID: the next that writes the row fails), and
running code that still writes it fails from that moment on.

Example: `CHECK (status IN ('active', 'stopped'))`, where before 'error' was one of them.

Instead: first a release that no longer writes the value, then an UPDATE of the rows that have it, then the CHECK.

Silent: on a table that the same file makes.

Limits: only sets that are plainly listed, in files that are read, are compared; an enum loses no values.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.deeds.value_sets import listed
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table
    if place.deed.verb != "alter table" or place.known.fresh(table):
        return
    for constraint in constraints_written(place):
        if (found := listed(constraint)) is None:
            continue
        column, values = found
        if gone := sorted(place.known.values.get((table, column), frozenset()) - values):
            told = ", ".join(map(repr, gone))
            message = f"{told} could be in {table}.{column} until now: such rows, and code that writes them, fail"
            yield Hit(span=constraint.span, message=message)
