"""What the goals that a goal depends on say of it: looked up one by one, where there are any."""

from __future__ import annotations

from conformance.model.look import OWN, Join, Shown, Sieve
from conformance.model.reading import Reading, Unreadable

COLUMN = "depends_on_goal_ids"


def among_dependencies(reading: Reading, *counted: Shown) -> Join:
    """What is counted over the ids `d.id` in the array, each with the goal `p` that has it, or NULLs for none."""
    reading.alike(("goals", "id"), ("goals", COLUMN))
    relation = (
        f"FROM {reading.unnested('goals', COLUMN, OWN)} AS d"
        f" LEFT JOIN {reading.source('goals')} AS p ON {reading.value('goals', 'id', 'key', 'p')} = d.id"
    )
    return Join(alias="among", relation=relation, condition="true", counted=counted, sieve=_sieve(reading))


def _sieve(reading: Reading) -> Sieve | None:
    """A goal that depends on nothing is sound, unless it is blocked; None for a table that does not say so."""
    columns = ("id", COLUMN, "status", "cascade_id")
    try:
        status, array = reading.value("goals", "status", "text"), reading.array("goals", COLUMN)
        for column in columns:
            reading.column("goals", column)
    except Unreadable:
        return None
    clean = f"COALESCE(pg_catalog.cardinality({array}), 0) = 0 AND {status} <> 'blocked'"
    return Sieve(columns=columns, levels=(), clean=clean)
