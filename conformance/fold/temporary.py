"""Temporary tables: they hide others of their names, until the session ends."""

from __future__ import annotations

from conformance.fold.schema import TEMPORARY, Schema
from conformance.model.record import replace


def without_temporary(schema: Schema) -> Schema:
    """The schema in another session. Where the tool keeps the session for the next file, what was temporary is still
    there: so what is called as it was is not understood from then on."""
    gone = [one for one in schema.relations.values() if one.schema == TEMPORARY]
    if not gone:
        return schema
    return replace(schema.without(*(one.number for one in gone)), ghosts=schema.ghosts | {one.name for one in gone})
