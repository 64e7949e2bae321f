"""Members of organizations and teams."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from conformance.violations.look import Look, invariant, key

_MEMBERS = "org_memberships.user_id org_memberships.org_id"


def is_outsider(look: Look, user_id: str | None, org: str | None) -> bool:
    """Whether both are there, and the user is no member of the organization."""
    return (
        user_id is not None
        and org is not None
        and not any(row.get("user_id") == user_id and row.get("org_id") == org for row in look.rows("org_memberships"))
    )


def _outsiders(look: Look, table: str, host: str, column: str) -> Iterable[Hashable]:
    """The rows whose user is no member of the organization of the `host` that the column names."""
    for row in look.rows(table):
        for other in look.rows_of(host, row.get(column)):
            if is_outsider(look, row.get("user_id"), other.get("org_id")):
                yield key(table, row)


@invariant(
    "0018/team_memberships.user_id/members-of-org",
    f"team_memberships.team_id team_memberships.user_id teams.id teams.org_id {_MEMBERS}",
)
def _team_members_of_org(look: Look) -> Iterable[Hashable]:
    return _outsiders(look, "team_memberships", "teams", "team_id")


@invariant(
    "0018/agent_admins.user_id/members-of-org",
    f"agent_admins.agent_id agent_admins.user_id agents.id agents.org_id {_MEMBERS}",
)
def _admins_of_org(look: Look) -> Iterable[Hashable]:
    return _outsiders(look, "agent_admins", "agents", "agent_id")


@invariant(
    "0018/agent_collaborators.collaborator_id/no-orphan",
    "agent_collaborators.collaborator_type agent_collaborators.collaborator_id users.id teams.id",
)
def _collaborators_exist(look: Look) -> Iterable[Hashable]:
    hosts = {"user": "users", "team": "teams"}
    for row in look.rows("agent_collaborators"):
        host, who = hosts.get(str(row.get("collaborator_type"))), row.get("collaborator_id")
        if host is not None and who is not None and not look.rows_of(host, who):
            yield key("agent_collaborators", row)


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
            if (kind == "user" and is_outsider(look, who, org)) or (kind == "team" and not teams):
                yield key("agent_collaborators", row)
