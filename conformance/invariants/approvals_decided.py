"""A request's status follows from its votes: approved by enough distinct users (`enough-approvers`), denied by the
first denial (`denial-decides`) and by nothing else (`denied-by-denial`), pending until then (`pending-below-count`).

Why: this is what dual approval is for. An approved request with one vote of two is a risky action that one person
decided alone; a pending one that has its votes, or a denied one that nobody denied, blocks a plan for good.

Example: `0028/approval_requests.approvals/enough-approvers`: approved, required 2, two votes of the same user.

How: votes are counted in distinct users, UUIDs in any spelling; a request needs one vote at least. Once decided, no
vote counts: a denial that came after enough approvals decides nothing (votes are put in order by their time, then by
their place in the array; one whose time is not well formed comes before all others).

Repair: a decision about each request: put it back to pending, and tell those who acted on it.

Limits: a row from before 0028 has only `decided_by`: denied without votes, or approved with one approval required, it
is sound, if that is somebody; approved with two it is the very hole, and reported. Ids that differ in case, width or
Unicode form are two users.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.ballot import ballot, votes
from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Join, Rows, Shown
from conformance.model.reading import Reading
from conformance.model.vote import COLUMN, TABLE, approved_without, decided_without, required


def invariants(contract: Contract) -> Iterator[Invariant]:
    ann, bob, cyd = (
        f'{{"user_id": "{user}", "decision": "{decision}", "decided_at": "2020-01-01T00:00:00Z"}}'
        for user, decision in (("ann", "approved"), ("bob", "denied"), ("cyd", "approved"))
    )
    needs = {TABLE: (COLUMN, "status", "required_approvals")}
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="enough-approvers",
        level="must",
        source="the page, line 42; the documentation of the fields",
        expected="approved only with required_approvals distinct approvers",
        needs={TABLE: (*needs[TABLE], "decided_by")},
        look=_enough,
        breaking=tuple(_request("approved", 2, votes) for votes in (ann, "", f"{ann}, {ann}", f"{ann}, {bob}")),
        repair="-- UPDATE approval_requests SET status = 'pending' …, and tell those who acted on it: a decision",
    )
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="denial-decides",
        level="should",
        expected="denied as soon as one user denies",
        needs=needs,
        look=_denied,
        breaking=(_request("pending", 1, bob), _request("approved", 1, f"{bob}, {ann}")),
        repair="-- UPDATE approval_requests SET status = 'denied' …, and stop what runs on it: a decision",
    )
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="denied-by-denial",
        level="should",
        expected="denied only by a user who denies, before enough have approved",
        needs={TABLE: (*needs[TABLE], "decided_by")},
        look=_by_denial,
        breaking=(_request("denied", 1, ann), {**_request("denied", 1, ""), "decided_by": None}),
        repair="-- UPDATE approval_requests SET status = …, as its votes say: a decision",
    )
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="pending-below-count",
        level="should",
        expected="pending only while approvers are fewer than required_approvals",
        needs=needs,
        look=_pending,
        breaking=(_request("pending", 1, ann), _request("pending", 2, f"{ann}, {cyd}")),
        repair="-- UPDATE approval_requests SET status = 'approved' …: a decision",
    )


def _request(status: str, required: int, votes: str) -> dict[str, str | None]:
    return {"status": status, "required_approvals": str(required), COLUMN: f"[{votes}]"}


def _enough(reading: Reading) -> Rows:
    found, status = ballot(reading), reading.value(TABLE, "status", "text")
    legacy = f"{found.alias}.entries = 0 AND {approved_without(reading)}"
    enough = f"{found.alias}.approvers >= {required(reading)}"
    violates = f"{status} = 'approved' AND NOT {enough} AND ({legacy}) IS NOT TRUE"
    return _rows(reading, found, violates)


def _pending(reading: Reading) -> Rows:
    found, status = ballot(reading), reading.value(TABLE, "status", "text")
    enough = f"{found.alias}.approvers >= {required(reading)}"
    return _rows(reading, found, f"{status} = 'pending' AND {found.alias}.denials = 0 AND {enough}")


def _denied(reading: Reading) -> Rows:
    found, status = ballot(reading), reading.value(TABLE, "status", "text")
    return _rows(reading, found, f"{status} IS DISTINCT FROM 'denied' AND {_somebody_denied(reading, found)}")


def _by_denial(reading: Reading) -> Rows:
    found, status = ballot(reading), reading.value(TABLE, "status", "text")
    denied, legacy = _somebody_denied(reading, found), decided_without(reading)
    violates = f"{status} = 'denied' AND NOT ({denied}) AND ({legacy}) IS NOT TRUE"
    return _rows(reading, found, violates)


def _somebody_denied(reading: Reading, found: Join) -> str:
    """Whether somebody denied before enough had approved."""
    own = reading.value(TABLE, COLUMN, "json")
    # a common table expression would keep the whole scan from running in parallel
    order = "(COALESCE({0}.at, '-infinity'), {0}.place)"
    earlier = f"d.decision = 'denied' AND {order.format('d')} < {order.format('b')}"
    approvers = (
        f"SELECT pg_catalog.count(DISTINCT b.voter) FROM {votes(own)} AS b WHERE b.decision = 'approved'"
        f" AND NOT EXISTS (SELECT FROM {votes(own)} AS d WHERE {earlier})"
    )
    decided = f"CASE WHEN {found.alias}.approvers >= {required(reading)} THEN ({approvers}) ELSE 0 END"
    return f"{found.alias}.denials > 0 AND {decided} < {required(reading)}"


def _rows(reading: Reading, found: Join, violates: str) -> Rows:
    also = [Shown(name=name, sql=f"{found.alias}.{name}") for name in ("approvers", "denials")]
    return reading.rows(TABLE, violates, about=("status", "required_approvals"), joins=(found,), also=also)
