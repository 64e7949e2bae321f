"""A suppression without a reason, of a lint that there is not, at a place of no statement, or that suppresses nothing.

In production: what was excused once stays excused, also where it is no longer what it was.

Example: `-- conformance: ignore A001`

Instead: the code and the reason, or nothing: `-- conformance: ignore A001 the table is empty until 0030`, before the
statement or at the end of its last line; for a DO block, before the block

Limits: what is suppressed is looked at a file at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    """Nothing at a single place: `conformance.hazards` finds these, when all other lints have spoken."""
    yield from ()
