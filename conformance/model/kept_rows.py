"""Which foreign key keeps it that columns of a row lead to one of another table: what is said to enforce a claim."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model.cascades import hindrance
from conformance.model.hurdles import refuses
from conformance.model.reading import Reading
from conformance.model.references import unwatched


def keeper(reading: Reading, child: str, parent: str, leads: Mapping[str, str]) -> str:
    """The foreign key by which exactly these columns of `child` lead to these of `parent`, and how far it keeps that;
    "" where there is none."""
    table, target = reading.table(child), reading.table(parent)
    kept = []
    for key in table.foreign_keys:
        there = (key.target_schema, key.target) == (target.schema, target.name)
        alike = there and dict(zip(key.columns, key.target_columns, strict=True)) == dict(leads)
        if alike and refuses(key) and not reading.catalog.replica:
            late = "" if key.validated else " (for new rows: it is NOT VALID)"
            held = hindrance(key, table)
            heirs = unwatched(key, table)
            rest = f" (but {held.why})" if held else f" (but not in {', '.join(heirs)})" if heirs else ""
            kept.append(f"{'in part ' if rest else ''}foreign key {key.name}{late}{rest}")
    return min(kept, key=lambda words: words.startswith("in part "), default="")
