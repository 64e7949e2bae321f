"""Which approval requests are certainly sound, told without unnesting their votes: most have none, or two or three.

Whatever is unusual (more votes, an odd spelling, a denial after enough approvals) is left to the exact count. So this
may err in one direction alone: it must never call a request sound that violates a claim on its votes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, starmap

from conformance.model.look import OWN, Shown, Sieve
from conformance.model.reading import Reading, Unreadable
from conformance.model.timestamp import usual
from conformance.model.vote import (
    COLUMN,
    TABLE,
    approved_without,
    decided_without,
    required,
    stands_for_itself,
)

_VOTES = (1, 2, 3)
"""The places of the votes that are looked at; a request with more is left to the exact count."""


def sieve(reading: Reading) -> Sieve | None:
    """None for a table that lacks one of the columns, or has one of another type."""
    try:
        levels = tuple(_levels(reading, reading.value(TABLE, COLUMN, "json")))
        clean = " AND ".join([f"{OWN}.follows", *(_in_time(reading, place) for place in _VOTES)])
    except Unreadable:
        return None
    return Sieve(
        columns=(COLUMN, "status", "required_approvals", "requested_at", "decided_by"), levels=levels, clean=clean
    )


def _levels(reading: Reading, approvals: str) -> Iterator[tuple[Shown, ...]]:
    """The first votes; then their keys; then whether the status follows from them; then their times."""
    yield tuple(Shown(name=f"vote_{place}", sql=f"{approvals} -> {place - 1}") for place in (*_VOTES, _VOTES[-1] + 1))
    yield tuple(
        Shown(name=f"{key}_{place}", sql=f"""({OWN}.vote_{place} ->> '{field}') COLLATE pg_catalog."C\"""")
        for place in _VOTES
        for key, field in (("decision", "decision"), ("name", "user_id"), ("stamp", "decided_at"))
    )
    bytes_ = (Shown(name=f"bytes_{place}", sql=f"pg_catalog.textsend({OWN}.stamp_{place})") for place in _VOTES)
    yield Shown(name="follows", sql=_follows(reading, approvals)), *bytes_
    yield tuple(Shown(name=f"at_{place}", sql=_at(place)) for place in _VOTES)


def _at(place: int) -> str:
    return f"CASE WHEN {usual(f'{OWN}.bytes_{place}')} THEN {OWN}.stamp_{place}::pg_catalog.timestamptz END"


def _in_time(reading: Reading, place: int) -> str:
    """Whether there is no such vote, or it has a time, neither before the request nor in the future."""
    at, asked = f"{OWN}.at_{place}", reading.value(TABLE, "requested_at", "time")
    return f"({OWN}.vote_{place} IS NULL OR {at} >= {asked} AND {at} <= pg_catalog.now())"


def _follows(reading: Reading, approvals: str) -> str:
    """Whether the status follows from distinct, well formed votes, by how many there are; NULL for more."""
    status = reading.value(TABLE, "status", "text")
    none = f"({approvals} IS NULL OR {approvals} = '[]')"
    approved, denied = approved_without(reading), decided_without(reading)
    cases = [f"{none} AND CASE {status} WHEN 'approved' THEN {approved} WHEN 'denied' THEN {denied} ELSE true END"]
    for last in _VOTES:
        votes = range(1, last + 1)
        words = " AND ".join(f"{OWN}.decision_{place} IN ('approved', 'denied')" for place in votes)
        approved = " AND ".join(f"{OWN}.decision_{place} = 'approved'" for place in votes)
        enough = f"{last} >= {required(reading)}"
        denied = f"{words} AND NOT ({approved}) AND {last} <= {required(reading)}"  # so that fewer have approved
        by_status = (
            f"CASE {status} WHEN 'denied' THEN {denied} WHEN 'approved' THEN {approved} AND {enough}"
            f" WHEN 'pending' THEN {approved} AND NOT {enough} ELSE {approved} END"
        )
        cases.append(" AND ".join([by_status, *map(_somebody, votes), *starmap(_differ, combinations(votes, 2))]))
    whens = (f"WHEN {OWN}.vote_{place} IS NULL THEN {case}" for place, case in enumerate(cases, start=1))
    return f"CASE {' '.join(whens)} END"


def _somebody(place: int) -> str:
    """Whether the user is a string that begins with a letter of ASCII that is seen. One with a UUID's hyphens is no
    number, and no word of JSON; an array or an object begins with a bracket."""
    name = f"{OWN}.name_{place}"
    string = f"pg_catalog.jsonb_typeof({OWN}.vote_{place} -> 'user_id') = 'string'"
    uuid = f"{name} LIKE '________-____-____-____-____________' AND {_plain(name)}"
    return f"({uuid} OR {string} AND {name} >= '!' AND {name} < '~')"


def _plain(name: str) -> str:
    """Whether a name begins with a digit or a small letter, as it does in every spelling."""
    return f"({name} >= '0' AND {name} < ':' OR {name} >= 'a' AND {name} < '{{')"


def _differ(earlier: int, later: int) -> str:
    """Whether two names are those of two users: most differ in how they begin."""
    one, other = f"{OWN}.name_{earlier}", f"{OWN}.name_{later}"
    return (
        f"CASE WHEN {_plain(one)} AND {_plain(other)} AND pg_catalog.left({one}, 1) <> pg_catalog.left({other}, 1)"
        f" THEN true ELSE {one} <> {other} AND {stands_for_itself(one)} AND {stands_for_itself(other)} END"
    )
