"""A trigger that sets a column, and fires once a statement and not for each row.

In production: it cannot change a row: `updated_at` stays as it was.

Example: `CREATE TRIGGER t BEFORE UPDATE ON agents EXECUTE FUNCTION set_updated_at();`

Instead: FOR EACH ROW.

Silent: for functions whose name says nothing of a column that is set; for AFTER triggers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if (
        deed.verb != "create trigger"
        or "each row" in deed.flags
        or not re.search(r"\bbefore\b", deed.text, re.IGNORECASE)
    ):
        return
    if re.search(r"\bupdated?_at|touch|set_\w+", deed.text, re.IGNORECASE):
        yield Hit(span=deed.span, message=f"fired once a statement, it cannot set a column of {deed.table}")
