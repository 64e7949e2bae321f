"""session_replication_role is set, so that no trigger fires and no foreign key is asked.

In production: rows get in that no constraint would let in, and nothing looks at them again.

Example: `SET session_replication_role = 'replica';`

Instead: the rows in an order that the keys allow, or keys that are DEFERRABLE.

Silent: where it is set back to origin.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb == "set" and deed.name == "session_replication_role" and deed.text.lower() == "replica":
        yield Hit(span=deed.span, message="no foreign key is asked and no trigger fires: orphans get in unseen")
