"""Which approval requests are certainly sound, told without unnesting their votes: most have none, or two or three.

Whatever is unusual (more votes, an odd spelling, a denial after enough approvals) is left to the exact count. So this
may err in one direction alone: it must never call a request sound that violates a claim on its votes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from conformance.model.look import OWN, Shown, Sieve
from conformance.model.reading import Reading, Unreadable
from conformance.model.timestamp import usual
from conformance.model.vote import COLUMN, TABLE, decided_without, keys, required, stands_for_itself

_VOTES = (1, 2, 3)
"""The places of the votes that are looked at; a request with more is left to the exact count."""


def sieve(reading: Reading) -> Sieve | None:
    """None for a table that lacks one of the columns, or has one of another type."""
    try:
        clean = [*map(_sound, _VOTES), *_distinct(), _in_time(reading), _follows(reading)]
        levels = tuple(_levels(reading.value(TABLE, COLUMN, "json")))
    except Unreadable:
        return None
    return Sieve(
        columns=(COLUMN, "status", "required_approvals", "requested_at", "decided_by"),
        levels=levels,
        clean=" AND ".join([f"{OWN}.votes <= {_VOTES[-1]}", *clean]),
    )


def _levels(approvals: str) -> Iterator[tuple[Shown, ...]]:
    """How many votes, and the first of them; then their keys; then their times."""
    array = (
        f"CASE pg_catalog.jsonb_typeof({approvals}) WHEN 'array' THEN pg_catalog.jsonb_array_length({approvals}) END"
    )
    votes = Shown(name="votes", sql=f"CASE WHEN {approvals} IS NULL THEN 0 ELSE {array} END")
    yield votes, *(Shown(name=f"vote_{place}", sql=f"{approvals} -> {place - 1}") for place in _VOTES)
    yield tuple(
        Shown(name=f"{key}_{place}", sql=sql) for place in _VOTES for key, sql in keys(f"{OWN}.vote_{place}").items()
    )
    yield tuple(Shown(name=f"at_{place}", sql=_at(place)) for place in _VOTES)


def _at(place: int) -> str:
    stamp = f"{OWN}.stamp_{place}"
    return f"CASE WHEN {usual(stamp, f'{OWN}.bytes_{place}')} THEN {stamp}::pg_catalog.timestamptz END"


def _sound(place: int) -> str:
    """Whether there is no such vote, or one that says by whom and what."""
    decided = f"{OWN}.decision_{place} IN ('approved', 'denied')"
    return f"({OWN}.votes < {place} OR {decided} AND {stands_for_itself(f'{OWN}.name_{place}')})"


def _distinct() -> Iterator[str]:
    """Whether no user votes twice."""
    for earlier, later in combinations(_VOTES, 2):
        yield f"({OWN}.votes < {later} OR {OWN}.name_{earlier} <> {OWN}.name_{later})"


def _in_time(reading: Reading) -> str:
    """Whether each vote has a time, neither before the request nor in the future."""
    asked = reading.value(TABLE, "requested_at", "time")
    return " AND ".join(
        f"({OWN}.votes < {place} OR {OWN}.at_{place} >= {asked} AND {OWN}.at_{place} <= pg_catalog.now())"
        for place in _VOTES
    )


def _follows(reading: Reading) -> str:
    """Whether the status follows from distinct, well formed votes."""
    approved = " + ".join(f"CASE {OWN}.decision_{place} WHEN 'approved' THEN 1 ELSE 0 END" for place in _VOTES)
    undenied = " AND ".join(f"{OWN}.decision_{place} IS DISTINCT FROM 'denied'" for place in _VOTES)
    return (
        f"CASE {reading.value(TABLE, 'status', 'text')} WHEN 'denied' THEN true"
        f" WHEN 'approved' THEN {undenied}"
        f" AND ({approved} >= {required(reading)} OR {OWN}.votes = 0 AND {decided_without(reading)})"
        f" WHEN 'pending' THEN {undenied} AND {approved} < {required(reading)} ELSE {undenied} END"
    )
