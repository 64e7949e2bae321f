"""A column's type is changed so that the table is written anew.

In production: everybody waits for the table (ACCESS EXCLUSIVE) until it and all its indexes have been written again.

Example: `ALTER TABLE tasks ALTER COLUMN cost TYPE numeric(12, 6);`

Instead: a new column of the type, filled in batches and by a trigger; then the two change names.

Silent: varchar to text or to a longer varchar, and a time to a finer one, which write nothing; on a table that the same
file makes, or of which --rows says that it has few rows.

Limits: where the file that made the column is not among those that are read, the old type is not known, and every
change of a type is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place

LEVEL = "error"

_VARCHAR = re.compile(r"(?:varchar|character varying)(?: ?\((\d+)\))?\Z")
_MOMENT = re.compile(
    r"(?P<kind>time|timestamp)(?P<tz>tz)?(?: ?\((?P<digits>\d)\))?(?: (?P<zone>with|without) time zone)?\Z"
)
_NUMERIC = re.compile(r"(?:numeric|decimal) ?\((\d+)(?:, ?(\d+))?\)\Z")
_FINEST = 6
"""The digits of a second that a time has where none are named."""


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "alter type"):
        old = place.known.columns.get(place.deed.table, {}).get(action.name)
        if place.known.small(place.deed.table):
            continue
        if old is None or not rewrites_nothing(old, action.text):
            told = f" from {old}" if old else ""
            message = f"{place.deed.table} is written anew while everybody waits: {action.name}{told} to {action.text}"
            yield Hit(span=action.span, message=message)


def rewrites_nothing(old: str, new: str) -> bool:
    """Whether the stored form stays, and all that was stored fits."""
    if old == new:
        return True
    was, will = _VARCHAR.match(old), _VARCHAR.match(new)
    if was and (new == "text" or (will and (not will[1] or (was[1] and int(was[1]) <= int(will[1]))))):
        return True
    if old == "text" and will and not will[1]:
        return True
    moment, later = _MOMENT.match(old), _MOMENT.match(new)
    if moment and later and _kind(moment) == _kind(later):
        return int(moment["digits"] or _FINEST) <= int(later["digits"] or _FINEST)
    before, after = _NUMERIC.match(old), _NUMERIC.match(new)
    if before and new in ("numeric", "decimal"):
        return True
    return bool(before and after and int(before[2] or 0) == int(after[2] or 0) and int(before[1]) <= int(after[1]))


def _kind(moment: re.Match[str]) -> tuple[str, bool]:
    return moment["kind"], bool(moment["tz"]) or moment["zone"] == "with"
