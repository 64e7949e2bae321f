"""How the votes of an approval request are counted in SQL: its JSON is unnested once for all claims on it."""

from __future__ import annotations

from conformance.model.ballot_sieve import sieve
from conformance.model.look import Join
from conformance.model.reading import Reading
from conformance.model.vote import COLUMN, TABLE, at, keys, voter

# what is no object has none of these
WELL = "v.voter IS NOT NULL AND v.at IS NOT NULL AND v.decision IN ('approved', 'denied')"
"""Whether a vote `v` is well formed; NULL counts as not."""


def ballot(reading: Reading) -> Join:
    """For each request, over the elements of its `approvals`: `entries`, `malformed`, distinct `approvers`, `denials`,
    `repeated` votes, and the `first` and the `last` time of a vote."""
    approvals = reading.value(TABLE, COLUMN, "json")
    relation = (
        "LATERAL (SELECT pg_catalog.count(*) AS entries,"
        f" pg_catalog.count(*) FILTER (WHERE ({WELL}) IS NOT TRUE) AS malformed,"
        " pg_catalog.count(DISTINCT v.voter) FILTER (WHERE v.decision = 'approved') AS approvers,"
        " pg_catalog.count(*) FILTER (WHERE v.decision = 'denied') AS denials,"
        " pg_catalog.count(v.voter) - pg_catalog.count(DISTINCT v.voter) AS repeated,"
        " pg_catalog.min(v.at) AS first, pg_catalog.max(v.at) AS last"
        f" FROM {votes(approvals)} AS v)"
    )
    return Join(alias="ballot", relation=relation, condition="true", sieve=sieve(reading))


def votes(approvals: str) -> str:
    """The elements of an array of votes, each with its `place`, `voter`, `decision` and `at` (NULL where it is not well
    formed), as a subquery."""
    read = ", ".join(f"{sql} AS {key}" for key, sql in keys("e.vote").items())
    return (
        f"(SELECT s.place, s.vote, s.decision, {at('s.stamp', 's.bytes')} AS at, {voter('s.name')} AS voter"
        f" FROM (SELECT e.place, e.vote, {read}"
        " FROM pg_catalog.jsonb_array_elements("
        f"CASE pg_catalog.jsonb_typeof({approvals}) WHEN 'array' THEN {approvals} END)"
        " WITH ORDINALITY AS e (vote, place) OFFSET 0) AS s OFFSET 0)"
    )
