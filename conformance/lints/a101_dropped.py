"""A table, a column, a schema, a type, a view, a function or a sequence in use is dropped.

In production: what was in it is gone, and code that still names it fails from that moment on.

Example: `ALTER TABLE agents DROP COLUMN temperature;`

Instead: first a release that no longer reads or writes it, then a backup or a copy, then the drop.

Silent: for what the same file makes, before or after it; in the part of a file that goes down.

Limits: whether running code still names it is not known: --ignore A101 where the order of releases sees to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_ROWS = ("drop table", "drop schema", "drop type", "drop materialized view", "drop database", "drop owned")
_NAMES = ("drop view", "drop function", "drop procedure", "drop sequence", "drop domain")


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb in _ROWS:
        names = [name for name in (deed.name, *deed.others) if not place.known.fresh(name)]
        if names:
            yield Hit(span=deed.span, message=f"what is in {', '.join(names)} is gone, and code that names it fails")
    elif deed.verb in _NAMES:
        names = [name for name in (deed.name, *deed.others) if not place.known.made_in_file(name)]
        if names:
            yield Hit(span=deed.span, message=f"code that names {', '.join(names)} fails from that moment on")
    for action in acts(place, "drop column"):
        message = f"what is in {deed.table}.{action.name} is gone, and code that names it fails"
        yield Hit(span=action.span, message=message)
