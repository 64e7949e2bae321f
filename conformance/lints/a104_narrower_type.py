"""A column's type is changed to one that holds less.

In production: the first value that does not fit stops the migration; a cast in USING cuts it off without a word.

Example: `ALTER TABLE agents ALTER COLUMN name TYPE varchar(40);`

Instead: a CHECK that is NOT VALID first, which shows which rows would not fit.

Silent: wider types; on a table that the same file makes.

Limits: where the old type is not known (its file is not among those that are read), only a length is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place
from conformance.model.spelled import parse

LEVEL = "error"

_HOLDS_LESS = {
    "int8": {"int4", "int2"},
    "int4": {"int2"},
    "numeric": {"int8", "int4", "int2", "float8", "float4"},
    "float8": {"float4", "int8", "int4", "int2"},
    "timestamptz": {"date", "timestamp"},
    "timestamp": {"date"},
    "text": {"varchar", "bpchar", "uuid", "int4", "int8"},
    "jsonb": {"text", "json"},
}
_LENGTH = re.compile(r"(?:varchar|character varying|char|character) ?\(\d+\)")


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "alter type"):
        old = place.known.columns.get(place.deed.table, {}).get(action.name)
        if _narrower(old, action.text):
            told = f"not all that {old} holds fits" if old else "a longer value does not fit"
            yield Hit(span=action.span, message=f"{told} into {action.text}: one such value stops the migration")


def _narrower(old: str | None, new: str) -> bool:
    if old is None:
        return bool(_LENGTH.match(new))
    (was, before, _), (will, after, _) = parse(old), parse(new)
    if was == will:
        return bool(after) and (not before or after[0] < before[0])
    if was in ("varchar", "bpchar") and will == "varchar":
        return bool(after) and (not before or after[0] < before[0])
    if (was, will) == ("text", "varchar"):
        return bool(after)
    return will in _HOLDS_LESS.get(was, ())
