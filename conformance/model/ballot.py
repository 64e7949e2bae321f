"""How the votes of an approval request are counted in SQL: its JSON is unnested once for all claims on it.

`user_id`s are the same user if they are equal without blanks around them; UUIDs are also equal in another spelling.
"""

from __future__ import annotations

from conformance.model.look import Join
from conformance.model.reading import Reading

TABLE, COLUMN = "approval_requests", "approvals"

_YEAR = r"(?!0000)\d{4}"
_LEAP = r"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    rf"({_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|{_YEAR}-(0[13-9]|1[0-2])-(29|30)"
    rf"|{_YEAR}-(0[13578]|1[02])-31|(?!0000){_LEAP}-02-29)"
)
TIMESTAMP = rf"^{_DAY}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{{1,30}})?)?([Zz]|[+-](0\d|1[0-4])(:?[0-5]\d)?)?$"
"""A timestamp of ISO 8601, as a regular expression of PostgreSQL: whatever it matches can be cast."""

_BLANKS = r"E' \t\n\r\f\v'"


def ballot(reading: Reading) -> Join:
    """For each request, over the elements of its `approvals`: `entries`, `malformed`, distinct `approvers`, `denials`,
    `repeated` votes, and the `first` and the `last` time of a vote."""
    approvals = reading.value(TABLE, COLUMN, "json")
    relation = (
        "LATERAL (SELECT pg_catalog.count(*) AS entries,"
        " pg_catalog.count(*) FILTER (WHERE v.well IS NOT TRUE) AS malformed,"
        " pg_catalog.count(DISTINCT v.voter) FILTER (WHERE v.decision = 'approved') AS approvers,"
        " pg_catalog.count(*) FILTER (WHERE v.decision = 'denied') AS denials,"
        " pg_catalog.count(v.voter) - pg_catalog.count(DISTINCT v.voter) AS repeated,"
        " pg_catalog.min(v.at) AS first, pg_catalog.max(v.at) AS last"
        f" FROM {votes(approvals)} AS v)"
    )
    return Join(alias="ballot", relation=relation, condition="true")


def votes(approvals: str) -> str:
    """The elements of an array of votes, each with its `place`, `voter`, `decision`, `at`, and whether it is `well`
    formed, as a subquery."""
    return (
        "(SELECT r.place, r.vote, r.decision, u.voter, r.at,"
        " pg_catalog.jsonb_typeof(r.vote) = 'object' AND u.voter IS NOT NULL AND r.at IS NOT NULL"
        " AND r.decision IN ('approved', 'denied') AS well"
        " FROM (SELECT e.place, e.vote,"
        f" {_text('decision')} AS decision,"
        f" pg_catalog.btrim({_text('user_id')}, {_BLANKS}) AS said,"
        f" CASE WHEN {_text('decided_at')} ~ '{TIMESTAMP}' THEN {_text('decided_at')}::pg_catalog.timestamptz END AS at"
        " FROM pg_catalog.jsonb_array_elements("
        f"CASE pg_catalog.jsonb_typeof({approvals}) WHEN 'array' THEN {approvals} END)"
        " WITH ORDINALITY AS e (vote, place) OFFSET 0) AS r"
        " CROSS JOIN LATERAL (SELECT NULLIF(CASE"
        " WHEN pg_catalog.length(r.said) BETWEEN 32 AND 50"
        " AND pg_catalog.translate(r.said, '{}-', '') ~ '^[0-9A-Fa-f]{32}$'"
        " THEN pg_catalog.lower(pg_catalog.translate(r.said, '{}-', '')) ELSE r.said END, '')"
        ' COLLATE pg_catalog."C" AS voter OFFSET 0) AS u)'
    )


def _text(key: str) -> str:
    """A string of the element; NULL where there is none, or where it is something else."""
    return f"CASE WHEN pg_catalog.jsonb_typeof(e.vote -> '{key}') = 'string' THEN e.vote ->> '{key}' END"


def required(reading: Reading) -> str:
    """How many distinct approvers a request needs: one at least."""
    return f"GREATEST({reading.value(TABLE, 'required_approvals', 'number')}, 1)"
