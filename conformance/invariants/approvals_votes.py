"""A user votes once on a request (`one-vote-a-user`), and no earlier than it was made, nor in the future
(`votes-in-time`).

Why: two votes of one user are the hole that dual approval exists to close. A vote from before its request, or from
tomorrow, was not cast on it: it was copied, or made up.

Example: `0028/approval_requests.approvals/one-vote-a-user`: the same `user_id` twice.

How: users are compared without blanks around their id and without letters that are not seen (a zero-width space; a
no-break space is a blank), UUIDs in any spelling; a time without a zone is UTC.

Repair: a decision about each vote: take the second one out, and see that the status still follows from the rest.

Limits: a time that is not well formed is reported as such, and not compared. Clocks that disagree by seconds are
reported too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.ballot import ballot
from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows, Shown
from conformance.model.reading import Reading
from conformance.model.vote import COLUMN, TABLE


def invariants(contract: Contract) -> Iterator[Invariant]:
    ann = '{"user_id": "ann", "decision": "approved", "decided_at": "2020-01-01T00:00:00Z"}'
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="one-vote-a-user",
        level="should",
        expected="no user votes twice on a request",
        needs={TABLE: (COLUMN,)},
        look=_once,
        breaking=({COLUMN: f"[{ann}, {ann}]"}, {COLUMN: f"[{ann}, {ann.replace('approved', 'denied')}]"}),
        repair="-- take the second vote out, and see that the status still follows from the rest",
    )
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="votes-in-time",
        level="should",
        expected="no vote is from before its request, or from the future",
        needs={TABLE: (COLUMN, "requested_at")},
        look=_in_time,
        repair="-- what the vote's time should be is a decision; the events know it",
    )


def _once(reading: Reading) -> Rows:
    found = ballot(reading)
    return reading.rows(TABLE, f"{found.alias}.repeated > 0", about=(COLUMN,), joins=(found,))


def _in_time(reading: Reading) -> Rows:
    found, asked = ballot(reading), reading.value(TABLE, "requested_at", "time")
    also = [Shown(name=f"{name} vote", sql=f"{found.alias}.{name}") for name in ("first", "last")]
    violates = f"{found.alias}.first < {asked} OR {found.alias}.last > pg_catalog.now()"
    return reading.rows(TABLE, violates, about=("requested_at",), joins=(found,), also=also)
