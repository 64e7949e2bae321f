"""A table, a column or an index has a name that SQL reserves, without quotes.

In production: the migration stops at a syntax error; and with quotes, so does each query that forgets them.

Example: `CREATE TABLE notes (id int, order int);`

Instead: another name, such as `position`; or the quotes, here and everywhere: "order".

Silent: words that PostgreSQL takes as names although SQL reserves them (`value`, `type`, `name`).
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import columns_written
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place
from conformance.model.sql import NO_NAMES

LEVEL = "error"

_MAKES = ("create table", "create index", "create view", "create materialized view", "create type", "create sequence")


def look(place: Place) -> Iterator[Hit]:
    for span, name in _names(place):
        if name in NO_NAMES and f'"{name}"' not in place.statement.text:
            message = f"{name} is a word of SQL: without quotes it is a syntax error"
            yield Hit(span=span, message=message)


def _names(place: Place) -> Iterator[tuple[Span, str]]:
    if place.deed.verb in _MAKES:
        yield place.deed.span, place.deed.name
    for column in columns_written(place):
        yield column.span, column.name
    for action in place.deed.actions:
        if action.verb in ("rename to", "rename column"):
            yield action.span, action.text
