"""A column is added with a foreign key beside it.

In production: the table is locked against everybody and the table that is referred to against writes, at once, for as
long as the statement waits for the later of the two.

Example: `ALTER TABLE tasks ADD COLUMN worker_id uuid REFERENCES workers (id);`

Instead: the column first; then the key, NOT VALID; then VALIDATE CONSTRAINT.

Silent: on a table that the same file makes, and where the referred table is of the same file.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import added_columns
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    for column in added_columns(place):
        for found in column.constraints:
            if found.kind == "foreign key" and not place.known.fresh(found.target):
                message = f"{place.deed.table} and {found.target} are locked at once"
                yield Hit(span=found.span, message=message)
