"""What the documentation says of chat sessions after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call

ORG_OF = {"a1": "o1", "a2": "o2"}
MEMBERS = {"o1": ("u1", "u3"), "o2": ("u2", "u3")}
ROLES = ("user", "assistant", "system")


class Chat:
    """The sessions by their symbols, and what was said in each."""

    def __init__(self) -> None:
        self.sessions: dict[str, tuple[str, str, int | None]] = {}
        self.messages: dict[str, list[str]] = {}
        self.said = 0

    def offers(self, op: str) -> Sequence[Call]:
        if op == "open_session":
            new = f"s{len(self.sessions) + 1}"
            some = [
                call(op, agent=Ref(name=agent), user=Ref(name=user), retention_days=days, gives=new)
                for days in (None, 1, 30, 0, -1)
                for agent in ("a1", "a2")
                for user in ("u1", "u2", "u3")
            ]
            return some if len(self.sessions) < 3 else ()
        return [
            call(op, session=Ref(name=session), role=role, content=content, gives=f"m{self.said + 1}")
            for session in self.sessions
            for role in (*ROLES, "tool")
            for content in ("hello", "")
        ]

    def expected(self, call: Call) -> Expected:
        if call.op == "send_message":
            good = call.arg("role") in ROLES
            why = f"{call.arg('role')} is {'a' if good else 'no'} role"
            if not good:
                return Expected(fate="refused", law="roles", why=why)
            return Expected(fate="accepted", law="messages", why=why, sort=self._beside(call.arg("session")))
        agent, user, days = call.arg("agent"), call.arg("user"), call.arg("retention_days")
        org = ORG_OF[agent]
        if user not in MEMBERS[org]:
            return Expected(fate="refused", law="own-org", why=f"{user} is no member of {org}, whose {agent} is")
        if days is not None and days < 1:
            return Expected(fate="refused", law="retention", why=f"{days} is less than a day", sort=str(days))
        there = [one for one, (of, by, _) in self.sessions.items() if (of, by) == (agent, user)]
        said = any(self.messages[one] for one in there)
        sort = f"{agent if user == 'u3' else ''} {'said' if said else 'again' if there else ''}"
        return Expected(fate="accepted", law="own-org", why=f"{user} and {agent} are of {org}", sort=sort)

    def _beside(self, session: str) -> str:
        """Whether there is a later session of the same two."""
        names = list(self.sessions)
        agent, user, _ = self.sessions[session]
        later = [self.sessions[name][:2] for name in names[names.index(session) + 1 :]]
        return "a later one is there" if (agent, user) in later else ""

    def objection(self, call: Call, value: Any) -> str:
        return ""

    def plausible(self, call: Call) -> Any:
        return None

    def apply(self, call: Call, value: Any) -> None:
        if call.op == "open_session":
            new = call.gives[0]
            self.sessions[new] = call.arg("agent"), call.arg("user"), call.arg("retention_days")
            self.messages[new] = []
        else:
            self.messages[call.arg("session")].append(f"{call.arg('role')}:{call.arg('content')}")
            self.said += 1

    def view(self) -> View:
        return {
            f"session {name}": {
                "agent": agent,
                "user": user,
                "organization": ORG_OF[agent],
                "retention_days": None if days is None else str(days),
                "messages": ", ".join(self.messages[name]),
            }
            for name, (agent, user, days) in self.sessions.items()
        }
