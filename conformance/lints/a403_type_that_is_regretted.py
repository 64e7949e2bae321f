"""A type that this platform does not use for such values: json for jsonb, a timestamp without a zone, a length that
cuts text, a float for money.

In production: json has no indexes and no equality; a time without a zone means another moment on another server; a
length refuses the first longer text; floats do not add up.

Example: `budget double precision`, `created_at timestamp`, `payload json`

Instead: jsonb, timestamptz, text with a CHECK, numeric.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import columns_written
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_MONEY = re.compile(r"cost|price|budget|amount|balance|money|usd|spend|spent|quota_usd")


def look(place: Place) -> Iterator[Hit]:
    for column in columns_written(place):
        if why := _why(column.name, column.type):
            yield Hit(span=column.type_span, message=f"{column.name}: {why[0]}; write {why[1]}")
    for action in place.deed.actions if place.deed.verb == "alter table" else ():
        if action.verb == "alter type" and (why := _why(action.name, action.text)):
            yield Hit(span=action.span, message=f"{action.name}: {why[0]}; write {why[1]}")


def _why(name: str, spelled: str) -> tuple[str, str] | None:
    bare = spelled.removesuffix("[]")
    if bare == "json":
        return "json has no equality, and no index finds what is in it", spelled.replace("json", "jsonb")
    if re.match(r"timestamp( ?\(\d\))?( without time zone)?\Z", bare):
        return "without a zone it is another moment on another server", "timestamptz"
    if re.match(r"(varchar|character varying|char|character) ?\(\d+\)\Z", bare):
        return f"{bare} refuses the first longer text", "text"
    if re.match(r"(real|float|float4|float8|double precision)\Z", bare) and _MONEY.search(name):
        return "floats do not add up to what was spent", "numeric"
    return ("money is of the server's locale", "numeric") if bare == "money" else None
