"""A CHECK or a foreign key is added to a table or a domain in use, and all rows are read while it is locked.

In production: a CHECK locks the table against everybody, a foreign key both tables against writes, for as long as
reading all rows takes.

Example: `ALTER TABLE tasks ADD CONSTRAINT c CHECK (priority > 0);`

`ALTER TABLE tasks ADD COLUMN cost int CHECK (cost > 0);` reads all rows too, although none has a cost yet.

Instead: NOT VALID, which reads no row; then, in another transaction, VALIDATE CONSTRAINT, which lets others write.

Silent: for what is NOT ENFORCED; on a table that the same file makes, or of which --rows says that it has few rows.

Limits: a partitioned table takes no foreign key that is NOT VALID before PostgreSQL 18, and is known as one where its
file is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import added_columns, added_constraints, said
from conformance.model.lint import Hit, Place

LEVEL = "error"

_PARTITIONED = 18
"""Since when a partitioned table takes a foreign key that is NOT VALID."""


def look(place: Place) -> Iterator[Hit]:
    yield from _of_columns(place)
    yield from _of_domain(place)
    for found in added_constraints(place, "check", "foreign key"):
        if place.known.small(place.deed.table) or found.not_valid or not found.enforced:
            continue
        table = said(place, *_table(place))
        text = said(place, found.span.start, found.span.end)
        rewrite = f"ALTER TABLE {table} ADD {text} NOT VALID;"
        if found.name:
            rewrite += f"\n-- then, in a transaction of its own:\nALTER TABLE {table} VALIDATE CONSTRAINT {found.name};"
        if found.kind == "foreign key" and place.known.partitioned(place.deed.table) and place.major < _PARTITIONED:
            rewrite = f"-- {table} is partitioned: the same on each partition first, NOT VALID and then validated"
        whom = (
            "everybody waits" if found.kind == "check" else f"nobody can write to {place.deed.table} and {found.target}"
        )
        yield Hit(span=found.span, message=f"{whom} while every row of {place.deed.table} is read", rewrite=rewrite)


def _of_columns(place: Place) -> Iterator[Hit]:
    for column in added_columns(place):
        for found in column.constraints:
            if found.kind == "check" and found.enforced and not place.known.small(place.deed.table):
                table, text = said(place, *_table(place)), said(place, found.span.start, found.span.end)
                rewrite = f"-- the column without it, then:\nALTER TABLE {table} ADD {text} NOT VALID;"
                message = f"everybody waits while every row of {place.deed.table} is read"
                yield Hit(span=found.span, message=message, rewrite=rewrite)


def _of_domain(place: Place) -> Iterator[Hit]:
    deed, words = place.deed, place.deed.text.lower().split()
    adds = words[:1] == ["add"] and words[-2:] != ["not", "valid"]
    if deed.verb != "alter domain" or not (adds or words[:3] == ["set", "not", "null"]):
        return
    if not place.known.fresh(deed.name):
        message = f"nobody can write to a table that has {deed.name} in it while every row of it is read"
        rewrite = f"{said(place, deed.span.start, deed.span.end)} NOT VALID;" if adds else ""
        yield Hit(span=deed.span, message=message, rewrite=rewrite)


def _table(place: Place) -> tuple[int, int]:
    """Where the table's name stands: between the words ALTER TABLE and the first action."""
    text, first = place.statement.text, place.deed.actions[0].span.start
    words = text[place.deed.span.start : first].split()
    name = words[-1]
    at = text.rindex(name, place.deed.span.start, first)
    return at, at + len(name)
