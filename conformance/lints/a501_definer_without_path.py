"""A SECURITY DEFINER function without a search_path of its own.

In production: whoever may create objects in a schema of the path runs code as the function's owner (CVE-2018-1058).

Example: `CREATE FUNCTION f() … SECURITY DEFINER AS …`

Instead: SET search_path = pg_catalog, pg_temp, in the function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"

_QUOTED = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb not in ("create function", "create procedure", "alter function", "alter procedure"):
        return
    clauses = " ".join(_QUOTED.sub(" ", deed.text).lower().split())
    if "security definer" in clauses and "set search_path" not in clauses:
        message = f"whoever may create objects in a schema of the path runs code as the owner of {deed.name}"
        yield Hit(span=deed.span, message=message)
