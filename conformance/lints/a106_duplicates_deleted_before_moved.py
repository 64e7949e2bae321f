"""Duplicates are deleted before what refers to them is moved to the row that stays.

In production: ON DELETE CASCADE takes the goals, memories and tasks of the younger agent with it; SET NULL leaves them
without an owner.

Example: `DELETE FROM agents a USING agents b WHERE a.name = b.name AND a.created_at > b.created_at;`

Instead: UPDATE each table that refers to it first, then DELETE.

Silent: where an UPDATE of another table in the same file names the table or its key before the DELETE.

Limits: that every reference is moved is for `conformance replay` to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb != "delete" or place.known.fresh(deed.table):
        return
    itself = re.findall(rf"\b{re.escape(deed.table)}\b", deed.text, re.IGNORECASE)
    if not itself and "row_number" not in deed.text.lower():
        return
    if not (re.search(r"\b(using|row_number|min|max|distinct)\b", deed.text, re.IGNORECASE) and _is_referenced(place)):
        return
    key = f"{deed.table.removesuffix('s')}_id"
    earlier = [
        d for statement in place.before() for d in statement.deeds if d.verb == "update" and d.table != deed.table
    ]
    if not any(key in one.text.lower() or deed.table in one.text.lower() for one in earlier):
        message = f"what refers to the deleted rows of {deed.table} goes with them, or is left without an owner"
        yield Hit(span=deed.span, message=message)


def _is_referenced(place: Place) -> bool:
    """Whether something refers to the table; where nothing is known of it, it is taken that something does."""
    known = [key.target for keys in place.known.keys.values() for key in keys]
    return place.deed.table in known or not place.known.exists(place.deed.table)
