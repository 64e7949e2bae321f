"""A column is added that must have a value, and has no default.

In production: PostgreSQL refuses it as soon as the table has a row, and running code that does not know the column can
insert no more rows.

Example: `ALTER TABLE agents ADD COLUMN org_id uuid NOT NULL;`

Instead: add it nullable or with a default, fill it, then see A005.

Silent: generated and identity columns; on a table that the same file makes.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import added_columns
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    for column in added_columns(place):
        filled = column.default is not None or column.identity or column.type.endswith("serial")
        if column.not_null and not filled and not column.generated:
            yield Hit(
                span=column.span,
                message=f"it is refused as soon as {place.deed.table} has a row: {column.name} would be NULL in it",
            )
