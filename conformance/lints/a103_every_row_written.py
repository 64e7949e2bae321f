"""DELETE or UPDATE without WHERE, or with one that is always true, on a table in use.

In production: every row is locked and written (or gone) in one transaction; whoever updates one of them waits for all,
and as many dead rows are left behind.

Example: `UPDATE tasks SET priority = 0;`

Instead: a WHERE that names the rows, in batches; a default for the rows to come.

Silent: an UPDATE of a table of which --rows says that it has few rows; on a table that the same file makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"

_ALWAYS = re.compile(r"\bwhere\s+(true|1\s*=\s*1)\s*(;|returning\b|\Z)", re.IGNORECASE)


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    quick = place.known.fresh(deed.table) or (deed.verb == "update" and place.known.small(deed.table))
    every = "where" not in deed.flags or _ALWAYS.search(deed.text)
    if deed.verb in ("update", "delete") and every and not quick:
        what = "is gone" if deed.verb == "delete" else "is locked and written anew, in one transaction"
        yield Hit(span=deed.span, message=f"every row of {deed.table} {what}")
