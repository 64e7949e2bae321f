"""Whoever belongs to a team, administers an agent, collaborates on it or is named by a row is of its organization.

Why: what belongs to one organization is never visible to another. A team member from elsewhere sees the team's agents,
an admin from elsewhere decides their requests, and so does whom a request of this organization is assigned to.

Example: `0018/team_memberships.user_id/members-of-org`: a member of the team who is no member of its organization.

Repair: a decision: add the membership of the organization, or take the other one away.

Limits: where the team, the agent or the row has no organization, or does not exist, nothing is claimed. Memberships say
who belongs to an organization today: of whoever once planned a goal or made a request, and may have left since, it is
only asked for (`may`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Join, Rows
from conformance.model.reading import Reading
from conformance.model.relationships import ORG, Relationship, of_one_organization, relationships

_MEMBERS = {"org_memberships": ("user_id", "org_id")}
_OF_THE_PAST = (("goals", "user_id"), ("approval_requests", "requested_by"))
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
    scoped = of_one_organization(contract) - _MEMBERS.keys()
    for link in relationships(contract):
        if link.parent == "users" and link.table in scoped:
            yield Invariant(
                table=link.table,
                columns=(link.column,),
                name="members-of-org",
                level="may" if (link.table, link.column) in _OF_THE_PAST else "should",
                expected="the user is a member of the organization of the row",
                needs={link.table: (link.column, ORG), **_MEMBERS},
                look=partial(_named, link=link),
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


def _named(reading: Reading, *, link: Relationship) -> Rows:
    org = reading.value(link.table, ORG, "key")
    member = _member(reading, link.table, link.column, link.table, org)
    user = reading.bare(link.table, link.column)
    violates = f"{org} IS NOT NULL AND {user} IS NOT NULL AND {member.alias}.user_id IS NULL"
    return reading.rows(link.table, violates, about=(link.column, ORG), joins=(member,))


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
        f"{org} IS NOT NULL AND {reading.bare(table, 'collaborator_id')} IS NOT NULL"
        f" AND CASE {kind} WHEN 'user' THEN {member.alias}.user_id IS NULL"
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
