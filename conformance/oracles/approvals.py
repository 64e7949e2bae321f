"""What the documentation says of approval requests after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call


class Requests:
    """The requests by their symbols: what is required, the state, and who voted how."""

    def __init__(self) -> None:
        self.required: dict[str, int] = {}
        self.status: dict[str, str] = {}
        self.votes: dict[str, dict[str, str]] = {}

    def offers(self, op: str) -> Sequence[Call]:
        if op == "request_approval":
            new = f"r{len(self.status) + 1}"
            some = (1, 2, 3, 4, 5, 0) if len(self.status) < 2 else ()
            return [call(op, goal=Ref(name="g1"), required=number, gives=new) for number in some]
        return [
            call(op, request=Ref(name=request), user=Ref(name=user), decision=decision)
            for decision in ("approved", "denied")
            for request in self.status
            for user in ("u1", "u2", "u3", "u4", "u5")
        ]

    def expected(self, call: Call) -> Expected:
        if call.op == "request_approval":
            required = call.arg("required")
            return Expected(
                fate="accepted" if required else "either",
                law="votes-counted",
                why=f"{required} may be required" if required else "at least one has to approve",
                sort=str(required),
            )
        request, user, decision = call.arg("request"), call.arg("user"), call.arg("decision")
        legacy = call.op == "legacy_decide"
        if self.status[request] != "pending":
            again = "again" if user in self.votes[request] else "another"
            sort = f"{self.status[request]}, {decision} by {again}"
            why = f"{request} is {self.status[request]}: no vote counts"
            return Expected(fate="either", law="decided-stays", why=why, sort=sort)
        if user in self.votes[request]:
            return Expected(
                fate="either",
                law="one-decider-one-vote" if legacy else "one-vote-a-user",
                why=f"{user} has voted on {request}",
            )
        if legacy:
            alone = self.required[request] == 1 or decision == "denied"
            why = f"{request} requires {self.required[request]}"
            last = decision == "denied" or self._approvals(request) + 1 >= self.required[request]
            sort = f"{decision} {'after votes' if self.votes[request] else 'alone'}{', the last' * last}"
            return Expected(fate="accepted" if alone else "either", law="one-decider-one-vote", why=why, sort=sort)
        if decision == "denied":
            last = len(self.votes[request]) + 1 >= self.required[request]
            sort = f"{'after approval' if self.votes[request] else ''}{', the last' * last}"
            return Expected(fate="accepted", law="denial-decides", why="one denial decides", sort=sort)
        count = self._approvals(request)
        why = f"it is approval {count + 1} of the {self.required[request]} that {request} requires"
        elsewhere = any(user in votes for other, votes in self.votes.items() if other != request)
        sort = "elsewhere too" if elsewhere else f"{count + 1}/{self.required[request]}"
        return Expected(fate="accepted", law="votes-counted", why=why, sort=sort)

    def _approvals(self, request: str) -> int:
        return sum(one == "approved" for one in self.votes[request].values())

    def objection(self, call: Call, value: Any) -> str:
        return ""

    def plausible(self, call: Call) -> Any:
        return None

    def apply(self, call: Call, value: Any) -> None:
        if call.op == "request_approval":
            new = call.gives[0]
            self.required[new], self.status[new], self.votes[new] = max(call.arg("required"), 1), "pending", {}
            return
        request, user, decision = call.arg("request"), call.arg("user"), call.arg("decision")
        if self.status[request] != "pending" or user in self.votes[request]:
            return
        self.votes[request][user] = decision
        if decision == "denied":
            self.status[request] = "denied"
        elif self._approvals(request) >= self.required[request]:
            self.status[request] = "approved"

    def view(self) -> View:
        return {
            f"request {name}": {
                "status": status,
                "required": str(self.required[name]),
                "votes": tuple(sorted(f"{user} {decision}" for user, decision in self.votes[name].items())),
            }
            for name, status in self.status.items()
        }
