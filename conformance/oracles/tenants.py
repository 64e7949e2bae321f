"""What the documentation says of organizations, teams and their members after a history of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.conduct import Call, Expected, Ref, View
from conformance.model.ground import call

AGENTS = {"o1": ("a1", "a3"), "o2": ("a2",)}
USERS = ("u1", "u2")
ORGS = ("o1", "o2")
ADMIN = ("u3", "o1")
"""Who is an admin of what, from the beginning to the end."""


class Tenants:
    """Who is a member of what."""

    def __init__(self) -> None:
        self.members: set[tuple[str, str]] = {ADMIN}
        self.teams: dict[str, tuple[str, str]] = {}
        self.team_members: set[tuple[str, str]] = set()

    def offers(self, op: str) -> Sequence[Call]:
        match op:
            case "join_org":
                pairs = [*((user, org) for org in ORGS for user in USERS), ADMIN]
                return [call(op, user=Ref(name=user), org=Ref(name=org)) for user, org in pairs]
            case "leave_org":
                pairs = sorted(self.members - {ADMIN})
                return [call(op, user=Ref(name=user), org=Ref(name=org)) for user, org in pairs]
            case "create_team":
                new = f"t{len(self.teams) + 1}"
                some = [call(op, org=Ref(name=org), name=name, gives=new) for org in ORGS for name in ("blue", "red")]
                return some if len(self.teams) < 3 else ()
            case "add_team_member":
                return [call(op, team=Ref(name=team), user=Ref(name=user)) for team in self.teams for user in USERS]
        return [call(op, org=Ref(name=org)) for org in ORGS]

    def expected(self, call: Call) -> Expected:
        match call.op:
            case "join_org":
                pair = call.arg("user"), call.arg("org")
                if pair in self.members:
                    what = "an admin" if pair == ADMIN else "a member"
                    why = f"{pair[0]} is {what} of {pair[1]} already"
                    return Expected(fate="either", law="members", why=why, sort=what)
                return Expected(fate="accepted", law="members", why=f"{pair[0]} is no member of {pair[1]} yet")
            case "leave_org":
                return Expected(
                    fate="accepted", law="members", why=f"{call.arg('user')} is a member", sort=self._teams_of(call)
                )
            case "create_team":
                if (call.arg("org"), call.arg("name")) in self.teams.values():
                    why = f"{call.arg('org')} has a team {call.arg('name')}"
                    return Expected(fate="refused", law="teams-once", why=why)
                alike = "elsewhere" if call.arg("name") in {name for _, name in self.teams.values()} else ""
                why = "no team of the organization is called that"
                return Expected(fate="accepted", law="teams-once", why=why, sort=alike)
            case "add_team_member":
                team, user = call.arg("team"), call.arg("user")
                org = self.teams[team][0]
                if (user, org) not in self.members:
                    why = f"{user} is no member of {org}, whose {team} is"
                    elsewhere = "elsewhere" if user in {member for member, _ in self.members} else ""
                    return Expected(fate="refused", law="members", why=why, sort=elsewhere)
                if (team, user) in self.team_members:
                    return Expected(fate="either", law="members", why=f"{user} is in {team} already")
                return Expected(fate="accepted", law="members", why=f"{user} is a member of {org}, whose {team} is")
        return Expected(fate="accepted", law="no-leak", why="an organization may see its own")

    def _teams_of(self, call: Call) -> str:
        """In whose teams he is who leaves: those of this organization, of another, of both."""
        user, org = call.arg("user"), call.arg("org")
        own = [self.teams[team][0] == org for team, member in self.team_members if member == user]
        return " ".join("here" if here else "elsewhere" for here in sorted(own))

    def objection(self, call: Call, value: Any) -> str:
        if call.op != "list_agents":
            return ""
        own = AGENTS[call.arg("org")]
        if tuple(value) == own:
            return ""
        return f"{call.arg('org')} is shown {', '.join(value) or 'nothing'}, and has {', '.join(own)}"

    def plausible(self, call: Call) -> Any:
        return AGENTS[call.arg("org")] if call.op == "list_agents" else None

    def apply(self, call: Call, value: Any) -> None:
        match call.op:
            case "join_org":
                self.members.add((call.arg("user"), call.arg("org")))
            case "leave_org":
                user, org = call.arg("user"), call.arg("org")
                self.members.discard((user, org))
                self.team_members = {(t, u) for t, u in self.team_members if u != user or self.teams[t][0] != org}
            case "create_team":
                self.teams[call.gives[0]] = call.arg("org"), call.arg("name")
            case "add_team_member":
                self.team_members.add((call.arg("team"), call.arg("user")))

    def view(self) -> View:
        orgs = {
            f"organization {org}": {
                "members": tuple(sorted(user for user, of in self.members if of == org)),
                "role of u3": "admin" if org == ADMIN[1] else None,
            }
            for org in ORGS
        }
        teams = {
            f"team {team}": {
                "organization": org,
                "name": name,
                "members": tuple(sorted(user for of, user in self.team_members if of == team)),
            }
            for team, (org, name) in self.teams.items()
        }
        return {**orgs, **teams}
