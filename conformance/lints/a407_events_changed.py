"""UPDATE, DELETE or TRUNCATE of events, which are a record and never change.

In production: what happened is no longer what is written; audits and replays go wrong without a word.

Example: `DELETE FROM events WHERE created_at < '2024-01-01';`

Instead: another event that says what was wrong; old ones go with a partition that is detached and kept.

Silent: an UPDATE that sets nothing but references (`agent_id` of a duplicate that goes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"

_SET = re.compile(r"(?:\bset\s+|,\s*)\"?(\w+)\"?\s*=(?![^()]*\))", re.IGNORECASE)


def look(place: Place) -> Iterator[Hit]:
    sets = _SET.findall(place.deed.text) if place.deed.verb == "update" else ()
    if sets and all(name.lower().endswith("_id") for name in sets):
        return
    if place.deed.verb in ("update", "delete", "truncate") and "events" in (place.deed.name, *place.deed.others):
        yield Hit(span=place.deed.span, message="events are a record: what is written stays as it was written")
