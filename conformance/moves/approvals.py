"""Approval requests and votes, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.conduct import Call
from conformance.model.ground import id_of
from conformance.model.move import Insert, Move, Rows, Update

AREA = "approvals"
_ASKED, _DECIDED, _LATER = (f"2026-01-05T{hour}:00:00+00:00" for hour in ("10", "11", "12"))


def _vote(user: str, decision: str, at: str = _DECIDED) -> dict[str, str]:
    return {"user_id": id_of(user), "decision": decision, "decided_at": at}


STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "approval_requests": {
        "status": ("pending", "approved", "denied", "withdrawn"),
        "required_approvals": (1, 2, 0),
        "approvals": (
            [],
            {},
            [_vote("u1", "approved"), _vote("u1", "approved")],
            [_vote("u1", "denied")],
            [_vote("u1", "approved", "2026-01-01T00:00:00+00:00"), _vote("u2", "approved")],
            [{"user_id": id_of("u1"), "decision": "perhaps"}],
        ),
        "decided_by": (None, id_of("u1")),
        "request_type": ("plan", "order"),
        "goal_id": (None, id_of("no goal")),
    },
}
"""What a careless statement may set a column to."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    if call.op == "request_approval":
        asked = {
            "id": id_of(call.gives[0]),
            "request_type": "risky_task",
            "goal_id": id_of("g1"),
            "org_id": id_of("o1"),
            "tool_name": "shell",
            "status": "pending",
            "required_approvals": call.arg("required"),
            "requested_at": _ASKED,
            "approvals": [],
        }
        yield Insert(table="approval_requests", row=asked)
        return
    user, decision = call.arg("user"), call.arg("decision")
    for row in rows.get("approval_requests", ()):
        if row.get("id") != id_of(call.arg("request")):
            continue
        before = row.get("approvals")
        votes = [*(before if isinstance(before, list) else []), _vote(user, decision)]
        legacy = call.op == "legacy_decide"
        status = decision if legacy or decision == "denied" or _enough(votes, row) else "pending"
        decided = {} if status == "pending" else {"decided_by": id_of(user), "decided_at": _LATER}
        columns = {"status": status, **decided, **({} if legacy and not before else {"approvals": votes})}
        yield Update(table="approval_requests", key={"id": row["id"]}, columns=columns)


def _enough(votes: list[Any], row: Mapping[str, Any]) -> bool:
    """Whether as many users have approved as have to."""
    some = [vote for vote in votes if isinstance(vote, dict) and vote.get("decision") == "approved"]
    return len({str(vote.get("user_id")) for vote in some}) >= (row.get("required_approvals") or 1)
