"""A number is missing between two files.

In production: the file that was left out, or is still on another branch, runs later than those behind it, or never.

Example: 0014_approvals.sql, then 0016_chat.sql

Instead: the numbers without a gap; a number that was given up as an empty file that says why.

Silent: numbers that are times (five digits and more); before the first file that is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "note"

_TIMES = 10_000


def look(place: Place) -> Iterator[Hit]:
    number, previous = place.script.number, place.previous
    first = place.number == 0 and place.deed is place.statement.deeds[0]
    if first and number is not None and previous is not None and previous + 1 < number < _TIMES:
        lacking = f"{previous + 1:04d}" if number == previous + 2 else f"{previous + 1:04d} to {number - 1:04d}"
        yield Hit(span=place.deed.span, message=f"{lacking} is not there: it runs later than this, or never")
