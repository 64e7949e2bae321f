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

# The server builds an expression's automaton anew for each string, which costs more than all else here: the usual
# spellings are told without one.
_USUAL = (
    "pg_catalog.translate(pg_catalog.substr({0}, 1, 19), '123456789', '000000000') = '0000-00-00T00:00:00'"
    " AND pg_catalog.substr({0}, 20) IN ('Z', '+00:00', '')"
    " AND pg_catalog.substr({0}, 1, 4) <> '0000' AND pg_catalog.substr({0}, 6, 2) BETWEEN '01' AND '12'"
    " AND pg_catalog.substr({0}, 9, 2) BETWEEN '01' AND '28' AND pg_catalog.substr({0}, 12, 2) <= '23'"
    " AND pg_catalog.substr({0}, 15, 2) <= '59' AND pg_catalog.substr({0}, 18, 2) <= '59'"
)
_USUAL_UUID = (
    "pg_catalog.length({0}) = 36 AND {0} LIKE '________-____-____-____-____________' AND pg_catalog.lower({0}) = {0}"
)
_UUID = "pg_catalog.length({0}) BETWEEN 32 AND 50 AND pg_catalog.translate({0}, '{{}}-', '') ~ '^[0-9A-Fa-f]{{32}}$'"
_WRITTEN = (
    "pg_catalog.regexp_replace(pg_catalog.lower(pg_catalog.translate({0}, '{{}}-', '')),"
    r" '^(.{{8}})(.{{4}})(.{{4}})(.{{4}})', '\1-\2-\3-\4-')"
)
_BLANKS = r"E' \t\n\r\f\v'"


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
    return Join(alias="ballot", relation=relation, condition="true")


def votes(approvals: str) -> str:
    """The elements of an array of votes, each with its `place`, `voter`, `decision` and `at` (NULL where it is not well
    formed), as a subquery."""
    stamp, voter = "s.stamp", "s.voter"
    return (
        "(SELECT s.place, s.vote, s.decision,"
        f" CASE WHEN {_USUAL.format(stamp)} OR {stamp} ~ '{TIMESTAMP}' THEN {stamp}::pg_catalog.timestamptz END AS at,"
        f" CASE WHEN {_USUAL_UUID.format(voter)} THEN {voter} WHEN {_UUID.format(voter)} THEN {_WRITTEN.format(voter)}"
        f" ELSE NULLIF({voter}, '') END AS voter"
        " FROM (SELECT e.place, e.vote,"
        f" {_text('decision')} AS decision, {_text('decided_at')} AS stamp,"
        f" pg_catalog.btrim({_text('user_id')}, {_BLANKS}) AS voter"
        " FROM pg_catalog.jsonb_array_elements("
        f"CASE pg_catalog.jsonb_typeof({approvals}) WHEN 'array' THEN {approvals} END)"
        " WITH ORDINALITY AS e (vote, place) OFFSET 0) AS s OFFSET 0)"
    )


WELL = (
    "pg_catalog.jsonb_typeof(v.vote) = 'object' AND v.voter IS NOT NULL AND v.at IS NOT NULL"
    " AND v.decision IN ('approved', 'denied')"
)
"""Whether a vote `v` is well formed; NULL counts as not."""


def _text(key: str) -> str:
    """A string of the element, compared byte by byte; NULL where there is none, or where it is something else."""
    is_string = f"pg_catalog.jsonb_typeof(e.vote -> '{key}') = 'string'"
    return f"""CASE WHEN {is_string} THEN e.vote ->> '{key}' END COLLATE pg_catalog."C\""""


def required(reading: Reading) -> str:
    """How many distinct approvers a request needs: one at least."""
    return f"GREATEST({reading.value(TABLE, 'required_approvals', 'number')}, 1)"
