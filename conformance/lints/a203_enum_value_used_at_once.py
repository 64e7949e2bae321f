"""A value of an enum is used in the transaction that adds it.

In production: PostgreSQL refuses it: unsafe use of new value of enum type.

Example: `BEGIN; ALTER TYPE mood ADD VALUE 'calm'; UPDATE people SET mood = 'calm'; COMMIT;`

Instead: ADD VALUE in a file of its own.

Silent: where each statement is a transaction of its own; from PostgreSQL 17 on, if the transaction has made the type.

Limits: the value is looked for as a string, whatever its type.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import tokens
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"

_SINCE = 17


def look(place: Place) -> Iterator[Hit]:
    if not place.transaction or place.deed.verb == "alter type add value":
        return
    try:
        found = tokens(place.statement.text)
    except NotUnderstood:
        return
    for token in found:
        inside = place.deed.span.start <= token.start < place.deed.span.end
        added = token.kind == "string" and place.known.of_this_transaction("enum value", token.value)
        if (
            inside
            and added
            and not (place.major >= _SINCE and place.known.of_this_transaction("its type", token.value))
        ):
            yield Hit(
                span=Span(start=token.start, end=token.end),
                message=f"{token.value!r} was added in this transaction: PostgreSQL refuses to use it before its end",
            )
