"""Whoever belongs to a team, administers an agent or collaborates on it is of the organization that it belongs to.

Why: what belongs to one organization is never visible to another. A team member from elsewhere sees the team's agents,
an admin from elsewhere decides their requests.

Example: `0018/team_memberships.user_id/members-of-org`: a member of the team who is no member of its organization.

Repair: a decision: add the membership of the organization, or take the other one away.

Limits: where the team or the agent has no organization, or does not exist, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Join, Rows
from conformance.model.reading import Reading

_MEMBERS = {"org_memberships": ("user_id", "org_id")}
_REPAIR = "-- add the membership of the organization, or take the other one away: a decision"


def invariants(contract: Contract) -> Iterator[Invariant]:
    for table, host, key in (("team_memberships", "teams", "team_id"), ("agent_admins", "agents", "agent_id")):
        yield Invariant(
            table=table,
            columns=("user_id",),
            name="members-of-org",
            level="should",
            expected=f"the user is a member of the organization of the {host.removesuffix('s')}",
            needs={table: (key, "user_id"), host: ("id", "org_id"), **_MEMBERS},
            look=partial(_users, table=table, host=host, key=key),
            repair=_REPAIR,
        )
    yield Invariant(
        table="agent_collaborators",
        columns=("collaborator_id",),
        name="in-org",
        level="should",
        expected="the user or team is of the organization of the agent",
        needs={
            "agent_collaborators": ("agent_id", "collaborator_id", "collaborator_type"),
            "agents": ("id", "org_id"),
            "teams": ("id", "org_id"),
            **_MEMBERS,
        },
        look=_collaborators,
        repair=_REPAIR,
    )


def _users(reading: Reading, *, table: str, host: str, key: str) -> Rows:
    parent = reading.parent(table, key, host)
    org = reading.value(host, "org_id", "key", parent.alias)
    member = _member(reading, table, "user_id", host, org)
    violates = f"{org} IS NOT NULL AND {reading.bare(table, 'user_id')} IS NOT NULL AND {member.alias}.user_id IS NULL"
    return reading.rows(table, violates, about=(key, "user_id"), joins=(parent, member))


def _collaborators(reading: Reading) -> Rows:
    table = "agent_collaborators"
    agent = reading.parent(table, "agent_id", "agents")
    org = reading.value("agents", "org_id", "key", agent.alias)
    member = _member(reading, table, "collaborator_id", "agents", org)
    team = reading.parent(table, "collaborator_id", "teams")
    reading.alike(("agents", "org_id"), ("teams", "org_id"))
    kind, teams_org = (
        reading.value(table, "collaborator_type", "text"),
        reading.value("teams", "org_id", "key", team.alias),
    )
    violates = (
        f"{org} IS NOT NULL AND CASE {kind} WHEN 'user' THEN {member.alias}.user_id IS NULL"
        f" WHEN 'team' THEN ({teams_org} = {org}) IS NOT TRUE END"
    )
    about = ("agent_id", "collaborator_type", "collaborator_id")
    return reading.rows(table, violates, about=about, joins=(agent, member, team))


def _member(reading: Reading, table: str, column: str, host: str, org: str) -> Join:
    """The user's membership in the organization, at most once."""
    reading.alike((table, column), ("org_memberships", "user_id"))
    reading.alike((host, "org_id"), ("org_memberships", "org_id"))
    user_id, org_id = (reading.value("org_memberships", name, "key", "m") for name in ("user_id", "org_id"))
    relation = (
        f"(SELECT DISTINCT {user_id} AS user_id, {org_id} AS org_id FROM {reading.source('org_memberships')} AS m)"
    )
    condition = f"{column}_member.user_id = {reading.value(table, column, 'key')} AND {column}_member.org_id = {org}"
    return Join(alias=f"{column}_member", relation=relation, condition=condition)
