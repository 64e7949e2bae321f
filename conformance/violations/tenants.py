"""Members of organizations and teams."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from conformance.violations.look import Look, invariant, key

_MEMBERS = "org_memberships.user_id org_memberships.org_id"


def _is_member(look: Look, user_id: str, org: str) -> bool:
    return any(row.get("user_id") == user_id and row.get("org_id") == org for row in look.rows("org_memberships"))


@invariant(
    "0018/team_memberships.user_id/members-of-org",
    f"team_memberships.team_id team_memberships.user_id teams.id teams.org_id {_MEMBERS}",
)
def _team_members_of_org(look: Look) -> Iterable[Hashable]:
    for row in look.rows("team_memberships"):
        for team in look.rows_of("teams", row.get("team_id")):
            who, org = row.get("user_id"), team.get("org_id")
            if who is not None and org is not None and not _is_member(look, who, org):
                yield key("team_memberships", row)


@invariant(
    "0018/agent_admins.user_id/members-of-org",
    f"agent_admins.agent_id agent_admins.user_id agents.id agents.org_id {_MEMBERS}",
)
def _admins_of_org(look: Look) -> Iterable[Hashable]:
    for row in look.rows("agent_admins"):
        for agent in look.rows_of("agents", row.get("agent_id")):
            who, org = row.get("user_id"), agent.get("org_id")
            if who is not None and org is not None and not _is_member(look, who, org):
                yield key("agent_admins", row)


@invariant(
    "0018/agent_collaborators.collaborator_id/in-org",
    "agent_collaborators.agent_id agent_collaborators.collaborator_type agent_collaborators.collaborator_id"
    f" agents.id agents.org_id teams.id teams.org_id {_MEMBERS}",
)
def _collaborators_in_org(look: Look) -> Iterable[Hashable]:
    for row in look.rows("agent_collaborators"):
        for agent in look.rows_of("agents", row.get("agent_id")):
            who, org, kind = row.get("collaborator_id"), agent.get("org_id"), row.get("collaborator_type")
            if who is None or org is None:
                continue
            teams = [team for team in look.rows_of("teams", who) if team.get("org_id") == org]
            if (kind == "user" and not _is_member(look, who, org)) or (kind == "team" and not teams):
                yield key("agent_collaborators", row)
