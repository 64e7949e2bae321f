"""A column is added whose value has to be worked out for each row that is there.

In production: the table is written anew while everybody waits (ACCESS EXCLUSIVE): a default that is volatile, a
generated column that is stored, an identity or a serial.

Example: `ALTER TABLE tasks ADD COLUMN key uuid DEFAULT gen_random_uuid();`

Instead: add the column without it, SET DEFAULT for the rows to come, and fill the old ones in batches.

Silent: constants and now(), which PostgreSQL keeps once for all rows; on a table that the same file makes, or of which
--rows says that it has few rows.

Limits: a function of one's own is taken to be volatile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.deeds.asking import added_columns
from conformance.model.deed import ColumnDefinition
from conformance.model.lint import Hit, Place

LEVEL = "error"

_CALL = re.compile(r"([a-z_][\w.]*)\s*\(", re.IGNORECASE)
_STABLE = frozenset(
    """now transaction_timestamp statement_timestamp current_timestamp array jsonb_build_object jsonb_build_array
    json_build_object to_jsonb interval coalesce nullif lower upper md5 make_interval date_trunc numeric varchar char
    decimal vector""".split()
)


def look(place: Place) -> Iterator[Hit]:
    for column in added_columns(place):
        if not place.known.small(place.deed.table) and (why := _why(column)):
            yield Hit(
                span=column.span,
                message=f"{place.deed.table} is written anew while everybody waits: {column.name} is {why}",
            )


def _why(column: ColumnDefinition) -> str:
    if column.generated == "stored":
        return "generated and stored"
    if column.identity or column.type in ("serial", "bigserial", "smallserial"):
        return "numbered row by row"
    for call in _CALL.findall(column.default or "") if not column.generated else ():
        if call.lower().removeprefix("pg_catalog.") not in _STABLE:
            return f"given by {call}(), which may be another value for each row"
    return ""
