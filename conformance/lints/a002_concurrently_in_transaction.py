"""CONCURRENTLY stands within a transaction, or a DO block, where PostgreSQL refuses it.

In production: the migration stops with an error, after what stands before it was done or with it taken back.

Example: `BEGIN; CREATE INDEX CONCURRENTLY …; COMMIT;`

Instead: a file of its own that the tool runs without a transaction (`transaction:false`, `NO TRANSACTION`).

Limits: whether a tool opens a transaction is known from its markers, or from --assume-transaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    block = place.deed is not place.statement.deeds[0] and place.statement.deeds[0].verb == "do"
    if not (place.transaction or block):
        return
    found = [(place.deed.span, place.deed.verb)] if "concurrently" in place.deed.flags else []
    found += [(a.span, a.verb) for a in place.deed.actions if a.text.lower().endswith(" concurrently")]
    for span, what in found:
        where = "a block" if block else "a transaction"
        yield Hit(span=span, message=f"{what.upper()} CONCURRENTLY cannot run inside {where}: it is refused")
