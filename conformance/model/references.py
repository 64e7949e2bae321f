"""When a foreign key is kept: what the claims on references and on the values of a lookup table share."""

from __future__ import annotations

from conformance.model.catalog import ForeignKey, Table


def why_not_kept(key: ForeignKey, table: Table) -> str:
    """Why a foreign key is present but not kept, or ""."""
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
    if table.children:
        return f"rows of the inheriting tables {', '.join(table.children)} are not checked"
    return ""
