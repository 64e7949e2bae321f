"""A statement needs a table that only a later statement makes.

In production: it stops with an error on a new database, and works only where the table happens to be there.

Example: a foreign key to workers in 0009, and `CREATE TABLE workers` in 0013.

Instead: the other order.

Silent: for tables that no file makes, which something else may have made.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    for span, table in _needed(place):
        itself = place.deed.verb == "create table" and place.deed.table == table
        if place.known.to_come(table) and not place.known.exists(table) and not itself:
            yield Hit(span=span, message=f"{table} is not there yet: a later statement makes it")


def _needed(place: Place) -> Iterator[tuple[Span, str]]:
    deed = place.deed
    if deed.verb in ("alter table", "create index", "create trigger", "insert into"):
        yield deed.span, deed.table or deed.name
    for constraint in constraints_written(place):
        if constraint.target:
            yield constraint.span, constraint.target
