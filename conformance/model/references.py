"""When a foreign key is kept: what the claims on references and on the values of a lookup table share."""

from __future__ import annotations

from conformance.model.catalog import ForeignKey, Table
from conformance.model.placement import parts_below


def why_not_kept(key: ForeignKey, table: Table) -> str:
    """Why a foreign key is present but not kept, or ""."""
    if why := _why_not_kept(key):
        return why
    if heirs := unwatched(key, table):
        return f"rows of the inheriting tables {', '.join(heirs)} are not checked"
    return ""


def unwatched(key: ForeignKey, table: Table) -> list[str]:
    """The inheriting tables that have no key of their own that is like this one, and kept."""
    return [
        part.name
        for part in parts_below(table)
        if not part.partition and not any(_alike(own, key) and not _why_not_kept(own) for own in part.foreign_keys)
    ]


def _alike(own: ForeignKey, key: ForeignKey) -> bool:
    pairs, others = (set(zip(k.columns, k.target_columns, strict=True)) for k in (own, key))
    there = (own.target_schema, own.target) == (key.target_schema, key.target)
    return there and pairs == others and own.match == key.match


def _why_not_kept(key: ForeignKey) -> str:
    if not key.enforced:
        return "it is NOT ENFORCED"
    if not key.validated:
        return "it is NOT VALID: rows from before it were never checked"
    if not key.triggers:
        return "it has no triggers: nothing enforces it"
    if key.asleep:
        return f"{key.asleep} of its {key.triggers} triggers are disabled or fire only on a replica"
    if key.bare:
        return f"one of its triggers is missing on {', '.join(key.bare)}: not all of it is enforced"
    if key.temporal:
        return "it is temporal: it compares periods, not keys alone"
    return ""
