"""Approval requests and the votes on them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from conformance.violations.look import Look, Row, instant, invariant, key
from conformance.violations.votes import (
    approvers,
    decision,
    has_denial_in_time,
    is_legacy,
    moment,
    required,
    user,
    votes,
    well_formed,
)

_VOTES = "approval_requests.id approval_requests.approvals"
_COUNTED = f"{_VOTES} approval_requests.status approval_requests.required_approvals"


def _requests(look: Look, violated: Callable[[Row], bool]) -> list[Hashable]:
    return [key("approval_requests", row) for row in look.rows("approval_requests") if violated(row)]


@invariant("0028/approval_requests.approvals/well-formed", _VOTES)
def _well_formed(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: not well_formed(row))


@invariant("0028/approval_requests.approvals/one-vote-a-user", _VOTES)
def _one_vote_a_user(look: Look) -> Iterable[Hashable]:
    def violated(row: Row) -> bool:
        users = [who for vote in votes(row) if (who := user(vote)) is not None]
        return len(set(users)) < len(users)

    return _requests(look, violated)


@invariant("0028/approval_requests.approvals/enough-approvers", f"{_COUNTED} approval_requests.decided_by")
def _enough_approvers(look: Look) -> Iterable[Hashable]:
    return _requests(
        look,
        lambda row: (
            row.get("status") == "approved"
            and len(approvers(votes(row))) < required(row)
            and not (is_legacy(row) and required(row) == 1)
        ),
    )


@invariant("0028/approval_requests.approvals/denial-decides", _COUNTED)
def _denial_decides(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: row.get("status") != "denied" and has_denial_in_time(row))


@invariant("0028/approval_requests.approvals/denied-by-denial", f"{_COUNTED} approval_requests.decided_by")
def _denied_by_denial(look: Look) -> Iterable[Hashable]:
    return _requests(
        look, lambda row: row.get("status") == "denied" and not has_denial_in_time(row) and not is_legacy(row)
    )


@invariant("0028/approval_requests.approvals/pending-below-count", _COUNTED)
def _pending_below_count(look: Look) -> Iterable[Hashable]:
    return _requests(
        look,
        lambda row: (
            row.get("status") == "pending"
            and len(approvers(votes(row))) >= required(row)
            and not any(decision(vote) == "denied" for vote in votes(row))
        ),
    )


@invariant("0028/approval_requests.required_approvals/at-least-one", "approval_requests.required_approvals")
def _at_least_one(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: row.get("required_approvals") is not None and row["required_approvals"] < 1)


@invariant(
    "0014/approval_requests.request_type/plan-is-whole",
    "approval_requests.request_type approval_requests.goal_id approval_requests.graph_id"
    " approval_requests.plan_payload",
)
def _plan_is_whole(look: Look) -> Iterable[Hashable]:
    parts = ("goal_id", "graph_id", "plan_payload")
    return _requests(
        look, lambda row: row.get("request_type") == "plan" and any(row.get(part) is None for part in parts)
    )


@invariant("0028/approval_requests.approvals/votes-in-time", f"{_VOTES} approval_requests.requested_at")
def _votes_in_time(look: Look) -> Iterable[Hashable]:
    def violated(row: Row) -> bool:
        asked = instant(row.get("requested_at"))
        times = [moment(vote.get("decided_at")) for vote in votes(row) if isinstance(vote, dict)]
        return any(at is not None and ((asked is not None and at < asked) or at > look.now) for at in times)

    return _requests(look, violated)
