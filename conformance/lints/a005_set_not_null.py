"""SET NOT NULL on a table in use, without a CHECK that has proven it; or NOT NULL as a constraint with a name.

In production: everybody waits for the table (ACCESS EXCLUSIVE) until every row has been read.

Example: `ALTER TABLE agents ALTER COLUMN name SET NOT NULL;`

Instead: CHECK (name IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT, then SET NOT NULL, which then reads no row, then
drop the CHECK; from PostgreSQL 18 on, ADD CONSTRAINT … NOT NULL … NOT VALID, then VALIDATE CONSTRAINT.

Silent: where such a CHECK was validated before; on a table that the same file makes, or of which --rows says that it
has few rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts, added_constraints
from conformance.model.lint import Hit, Place
from conformance.model.sql import identifier

LEVEL = "error"


_NAMED = 18
"""Since when NOT NULL is a constraint that can be NOT VALID."""


def look(place: Place) -> Iterator[Hit]:
    found = [(action.span, action.name) for action in acts(place, "set not null")]
    found += [(c.span, c.columns[0]) for c in added_constraints(place, "not null") if not c.not_valid]
    table = place.deed.table
    for span, column in found:
        if not place.known.small(table) and not place.known.proven_not_null(table, column):
            message = f"everybody waits for {table} while every row is read"
            yield Hit(span=span, message=message, rewrite=_safely(table, column, place.major))


def _safely(table: str, column: str, major: int) -> str:
    name, of, check = identifier(column), identifier(table), identifier(f"{table}_{column}_present")
    said = f"NOT NULL {name}" if major >= _NAMED else f"CHECK ({name} IS NOT NULL)"
    steps = [
        f"ALTER TABLE {of} ADD CONSTRAINT {check} {said} NOT VALID;",
        f"-- then, {'in a transaction' if major >= _NAMED else 'each in a transaction'} of its own:",
        f"ALTER TABLE {of} VALIDATE CONSTRAINT {check};",
        f"ALTER TABLE {of} ALTER COLUMN {name} SET NOT NULL;",
        f"ALTER TABLE {of} DROP CONSTRAINT {check};",
    ]
    return "\n".join(steps[:3] if major >= _NAMED else steps)
