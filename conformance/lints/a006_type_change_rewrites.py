"""A column's type is changed so that the table is written anew.

In production: everybody waits for the table (ACCESS EXCLUSIVE) until it and all its indexes have been written again.

Example: `ALTER TABLE tasks ALTER COLUMN cost TYPE numeric(12, 6);`

Instead: a new column of the type, filled in batches and by a trigger; then the two change names.

Silent: varchar to text or to a longer varchar, a time to a finer one, a domain to what it is around, which write
nothing, unless USING works out another value or a CHECK is about the column, whose rows are read then; on a table that
the same file makes, or of which --rows says that it has few rows.

Limits: where the file that made the column is not among those that are read, the old type is not known. Where the new
one may be a wider one of the same kind (text, varchar, numeric, a time), the lint is indeterminate. An index on an
expression of the column is built anew, which is not said.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.deeds.stored_forms import may_stay, stays
from conformance.model.deed import Action
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    known, table = place.known, place.deed.table
    for action in acts(place, "alter type"):
        if known.small(table):
            continue
        old = known.columns.get(table, {}).get(action.name)
        told = f"{action.name} from {old} to {action.text}" if old else f"{action.name} to {action.text}"
        if "computed" in action.flags or (old and not stays(old, action.text, known.domains)):
            yield Hit(span=action.span, message=f"{table} is written anew while everybody waits: {told}")
        elif old is None:
            yield _unknown(action, table)
        elif old != action.text and (why := _hanging(place, action)):
            yield Hit(span=action.span, message=f"everybody waits while every row of {table} is read, {why}: {told}")


def _hanging(place: Place, action: Action) -> str:
    """What hangs on the column and is made anew with it, although the table is not."""
    if place.known.condition_on(place.deed.table, action.name):
        return f"for a CHECK is about {action.name}"
    indexed = any(action.name in columns for columns, _ in place.known.indexes.get(place.deed.table, ()))
    return f"for an index on {action.name} is built anew" if indexed and " collate " in action.text else ""


def _unknown(action: Action, table: str) -> Hit:
    if not may_stay(action.text):
        message = f"{table} is written anew while everybody waits: {action.name} to {action.text}"
        return Hit(span=action.span, message=message)
    message = (
        f"whether {table} is written anew cannot be told: no file that is read says of which type {action.name} is "
        f"before it becomes {action.text}"
    )
    return Hit(span=action.span, message=message, unsure=True)
