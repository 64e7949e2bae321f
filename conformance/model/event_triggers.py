"""Event triggers, which may refuse any statement of a repair: what they do is a stranger's code, and is never run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.model.look import OWN, Rows
from conformance.model.look_at_catalogs import records
from conformance.model.sql import literal

_DEED = re.compile(
    r"\b(?P<verb>CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+|UNIQUE\s+)?"
    r"(?P<object>EXTENSION|FUNCTION|INDEX|SEQUENCE|TABLE|TRIGGER|TYPE)\b|\bREINDEX\b"
)


def fired_by(statements: Iterable[str]) -> Rows:
    """The event triggers that one of the statements fires, by what its command is called."""
    told = (found for sql in statements for found in _DEED.finditer(sql))
    tags = sorted({f"{one['verb']} {one['object']}" if one["verb"] else one[0] for one in told})
    listed = ", ".join(map(literal, tags)) or "NULL"
    fires = (
        f"{OWN}.evtenabled IN ('O', 'A') AND {OWN}.evtevent <> 'login'"
        f" AND ({OWN}.evttags IS NULL OR {OWN}.evttags && ARRAY[{listed}]::pg_catalog.text[])"
    )
    return records("pg_event_trigger", fires)
