"""CREATE TABLE IF NOT EXISTS for a table that is there with other columns.

In production: nothing happens, and the columns that only this statement has are missing.

Example: 0007 makes notes (id, body); 0012 says `CREATE TABLE IF NOT EXISTS notes (id …, body …, author …);`

Instead: ALTER TABLE … ADD COLUMN IF NOT EXISTS for what is new.

Silent: where the table has all the columns, of the same types.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place
from conformance.model.spelled import parse

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb != "create table" or "if not exists" not in deed.flags or not place.known.exists(deed.table):
        return
    there = place.known.columns[deed.table]
    lacking = [column for column in deed.definitions if column.name not in there]
    other = [c for c in deed.definitions if c.name in there and parse(there[c.name]) != parse(c.type)]
    if lacking or other:
        told = [f"{column.name} is not in it" for column in lacking]
        told += [f"{column.name} is {there[column.name]} there" for column in other]
        column = (lacking or other)[0]
        yield Hit(span=column.span, message=f"{deed.table} is there already, and stays as it is: {', '.join(told)}")
