"""session_replication_role is set, here, for a role or for a database: no trigger fires and no foreign key is asked.

In production: rows get in that no constraint would let in, and nothing looks at them again.

Example: `SET session_replication_role = 'replica';`

Instead: the rows in an order that the keys allow, or keys that are DEFERRABLE.

Silent: where it is set back to origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"

_ELSEWHERE = ("alter role", "alter user", "alter database", "alter system", "select")
_LASTING = re.compile(r"\bsession_replication_role\b['\s,=]*(?:\bto\b)?\s*'?replica\b", re.IGNORECASE)


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    set_here = deed.verb == "set" and deed.name == "session_replication_role" and deed.text.lower() == "replica"
    if set_here or (deed.verb in _ELSEWHERE and _LASTING.search(deed.text)):
        yield Hit(span=deed.span, message="no foreign key is asked and no trigger fires: orphans get in unseen")
