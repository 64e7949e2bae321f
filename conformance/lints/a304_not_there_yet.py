"""A statement needs a table, a type or a trigger's function that only a later statement makes.

In production: it stops with an error on a new database, and works only where the table happens to be there.

Example: a foreign key to workers in 0009, and `CREATE TABLE workers` in 0013.

Instead: the other order.

Silent: for what no file makes, which something else may have made; for functions that a later statement replaces.

Limits: bodies of functions are not looked into, nor are columns and views.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import columns_written, constraints_written
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"

_EXECUTES = re.compile(r"\bexecute\s+(?:function|procedure)\s+(?:\"?\w+\"?\.)?\"?(\w+)\"?\s*\(", re.IGNORECASE)


def look(place: Place) -> Iterator[Hit]:
    for span, table in _needed(place):
        itself = place.deed.verb == "create table" and place.deed.table == table
        if place.known.to_come(table) and not place.known.exists(table) and not itself:
            yield Hit(span=span, message=f"{table} is not there yet: a later statement makes it")

    for span, kind, name in _named(place):
        if place.known.only_to_come(kind, name):
            yield Hit(span=span, message=f"the {kind} {name} is not there yet: a later statement makes it")


def _named(place: Place) -> Iterator[tuple[Span, str, str]]:
    """The types of columns, and the function of a trigger."""
    for column in columns_written(place):
        yield column.type_span, "type", _base(column.type)
    for action in place.deed.actions:
        if action.verb == "alter type":
            yield action.span, "type", _base(action.text)
    if place.deed.verb == "create trigger" and (match := _EXECUTES.search(place.deed.text)):
        yield place.deed.span, "function", match[1].lower()


def _base(type_: str) -> str:
    """The name of a type without its schema, its length and what makes an array of it."""
    return re.split(r"[\[(]", type_)[0].strip().rpartition(".")[2].strip('"')


def _needed(place: Place) -> Iterator[tuple[Span, str]]:
    deed = place.deed
    if deed.verb in ("alter table", "create index", "create trigger", "insert into"):
        yield deed.span, deed.table or deed.name
    for constraint in constraints_written(place):
        if constraint.target:
            yield constraint.span, constraint.target
