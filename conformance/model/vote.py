"""How one vote on an approval request is read in SQL, and what a request asks of its votes.

`user_id`s are the same user if they are equal without blanks around them and without letters that are not seen; UUIDs
are also equal in another spelling.
"""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model.reading import Reading
from conformance.model.timestamp import TIMESTAMP, usual
from conformance.model.unseen import seen

TABLE, COLUMN = "approval_requests", "approvals"

_BLANKS = r"E' \t\n\r\f\x0b\x1c\x1d\x1e\x1f'"
_UUID = "pg_catalog.length({0}) BETWEEN 32 AND 50 AND pg_catalog.translate({0}, '{{}}-', '') ~ '^[0-9A-Fa-f]{{32}}$'"
_WRITTEN = (
    "pg_catalog.regexp_replace(pg_catalog.lower(pg_catalog.translate({0}, '{{}}-', '')),"
    r" '^(.{{8}})(.{{4}})(.{{4}})(.{{4}})', '\1-\2-\3-\4-')"
)


def keys(vote: str) -> Mapping[str, str]:
    """A vote's keys as texts that are compared byte by byte: `decision`, `stamp`, its `bytes`, and the user's `name`.

    What is no string is printed as none of the two words, and as no timestamp; but a number is printed as some user's
    id may be."""
    stamp = f"{vote} ->> 'decided_at'"
    name = f"CASE WHEN pg_catalog.jsonb_typeof({vote} -> 'user_id') = 'string' THEN {vote} ->> 'user_id' END"
    return {
        "decision": f"""({vote} ->> 'decision') COLLATE pg_catalog."C\"""",
        "stamp": f"""({stamp}) COLLATE pg_catalog."C\"""",
        "bytes": f"pg_catalog.textsend({stamp})",
        "name": f"""({name}) COLLATE pg_catalog."C\"""",
    }


def at(stamp: str, bytes_: str) -> str:
    """When the vote was cast; NULL where that is no timestamp."""
    well = f"{usual(bytes_)} OR {stamp} ~ '{TIMESTAMP}'"
    return f"CASE WHEN {well} THEN {stamp}::pg_catalog.timestamptz END"


def voter(name: str) -> str:
    """Who cast the vote, in one spelling; NULL for nobody."""
    trimmed = _trimmed(name)
    return (
        f"CASE WHEN {stands_for_itself(name)} THEN {name}"
        f" WHEN {_UUID.format(trimmed)} THEN {_WRITTEN.format(trimmed)} ELSE NULLIF({trimmed}, '') END"
    )


def _trimmed(name: str) -> str:
    """A name as a reader sees it, without blanks around."""
    return f"pg_catalog.btrim({seen(name)}, {_BLANKS})"


def stands_for_itself(name: str) -> str:
    """Whether a name is of ASCII, neither begins nor ends with a blank, and is too short for a UUID, or as a UUID is
    printed."""
    return (
        f"{name} >= '!' AND pg_catalog.right({name}, 1) > ' '"
        f" AND (pg_catalog.octet_length({name}) < 32 AND pg_catalog.length({name}) = pg_catalog.octet_length({name})"
        f" OR pg_catalog.octet_length({name}) = 36 AND {name} LIKE '________-____-____-____-____________'"
        f" AND pg_catalog.lower({name}) = {name})"
    )


def required(reading: Reading) -> str:
    """How many distinct approvers a request needs: one at least."""
    return f"GREATEST({reading.value(TABLE, 'required_approvals', 'number')}, 1)"


def decided_without(reading: Reading) -> str:
    """Whether a request that has no votes was decided by one user, before there were any."""
    none = f"COALESCE({reading.value(TABLE, COLUMN, 'json')} = '[]', true)"
    if reading.column(TABLE, "decided_by").type.name == "uuid":
        return f"{none} AND {reading.value(TABLE, 'decided_by', 'key')} IS NOT NULL"
    return f"{none} AND {_trimmed(reading.value(TABLE, 'decided_by', 'text'))} <> ''"


def approved_without(reading: Reading) -> str:
    """Whether a request that has no votes may be approved: one user decided, and one is enough."""
    return f"{required(reading)} = 1 AND {decided_without(reading)}"
