"""The relationships, sets of values and keys that the oracle knows, written out: they do not come from the contract.

`tests/worlds/test_oracle.py` sees that the contract says the same.
"""

_PARENTS = """
    0001 goals.agent_id agents
    0001 tasks.goal_id goals
    0001 tasks.agent_id agents
    0002 task_dependencies.task_id tasks
    0002 task_dependencies.depends_on tasks
    0003 memories.agent_id agents
    0004 artifacts.task_id tasks
    0009 llm_usage.agent_id agents
    0009 llm_usage.task_id tasks
    0009 phase_runs.goal_id goals
    0009 phase_runs.agent_id agents
    0009 phase_summaries.phase_id phase_runs
    0010 tasks.worker_id workers
    0012 approval_requests.task_id tasks
    0012 approval_requests.worker_id workers
    0013 agent_documents.agent_id agents
    0013 agent_documents.goal_id goals
    0014 approval_requests.goal_id goals
    0016 chat_messages.session_id chat_sessions
    0016 chat_sessions.agent_id agents
    0018 agents.org_id organizations
    0018 agents.owner_id users
    0018 agents.team_id teams
    0018 goals.org_id organizations
    0018 goals.user_id users
    0018 tasks.org_id organizations
    0018 workers.org_id organizations
    0018 memories.org_id organizations
    0018 events.org_id organizations
    0018 llm_usage.org_id organizations
    0018 approval_requests.org_id organizations
    0018 chat_sessions.org_id organizations
    0018 approval_requests.requested_by users
    0018 approval_requests.assigned_to users
    0018 agent_admins.agent_id agents
    0018 agent_admins.user_id users
    0018 agent_collaborators.agent_id agents
    0018 org_memberships.user_id users
    0018 org_memberships.org_id organizations
    0018 team_memberships.team_id teams
    0018 team_memberships.user_id users
    0018 teams.org_id organizations
    0019 slack_channel_bindings.org_id organizations
    0019 slack_channel_bindings.agent_id agents
    0019 slack_sessions.chat_session_id chat_sessions
    0019 slack_sessions.org_id organizations
    0019 slack_user_mappings.org_id organizations
    0019 slack_user_mappings.astra_user_id users
    0019 slack_workspaces.org_id organizations
    0019 slack_workspaces.default_agent_id agents
    0024 agent_config_revisions.agent_id agents
    0026 goals.source_agent_id agents
"""

_VALUES = """
    0001 - goals.status pending active blocked completed failed
    0003 - memories.memory_type episodic semantic
    0008 - agents.status active stopped error
    0008 0025 tasks.status created pending queued scheduled running completed failed
    0025 - tasks.status created pending queued scheduled running completed failed dead_letter
    0008 - workers.status active draining offline
    0009 - phase_runs.status running completed failed cancelled
    0012 - approval_requests.status pending approved denied
    0013 - agent_documents.doc_type rule skill context_doc reference
    0014 - approval_requests.request_type plan risky_task
    0016 - chat_messages.role user assistant system
    0016 - chat_sessions.status active closed
    0018 - agent_collaborators.collaborator_type user team
    0018 - agent_collaborators.permission use edit admin
    0018 - org_memberships.role admin member
    0018 - organizations.status active suspended archived
    0018 - team_memberships.role admin member
    0018 - users.status active suspended deactivated
"""

_UNIQUES = """
    0001 agents.id
    0001 goals.id
    0001 tasks.id
    0002 task_dependencies.task_id+depends_on
    0003 memories.id
    0004 artifacts.id
    0005 workers.id
    0006 events.id
    0009 llm_usage.id
    0009 phase_runs.id
    0009 phase_summaries.id
    0011 prompts.id
    0011 prompts.name+version
    0012 approval_requests.id
    0013 agent_documents.id
    0015 agents.name
    0016 chat_messages.id
    0016 chat_sessions.id
    0018 agent_admins.id
    0018 agent_admins.agent_id+user_id
    0018 agent_collaborators.id
    0018 agent_collaborators.agent_id+collaborator_type+collaborator_id
    0018 org_memberships.id
    0018 org_memberships.user_id+org_id
    0018 organizations.id
    0018 organizations.name
    0018 organizations.slug
    0018 team_memberships.id
    0018 team_memberships.team_id+user_id
    0018 teams.id
    0018 teams.org_id+slug
    0018 users.id
    0018 users.email
    0019 slack_app_config.id
    0019 slack_app_config.key
    0019 slack_channel_bindings.id
    0019 slack_channel_bindings.org_id+slack_channel_id
    0019 slack_sessions.id
    0019 slack_sessions.slack_workspace_id+slack_channel_id+slack_user_id+slack_thread_ts
    0019 slack_user_mappings.id
    0019 slack_user_mappings.org_id+slack_user_id
    0019 slack_workspaces.id
    0019 slack_workspaces.slack_workspace_id
    0024 agent_config_revisions.id
    0024 agent_config_revisions.agent_id+revision
    0024 tool_definitions.name+version
"""


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


RELATIONSHIPS: list[tuple[str, str, str, str]] = [
    (since, subject.partition(".")[0], subject.partition(".")[2], parent) for since, subject, parent in _lines(_PARENTS)
]
"""The migration, the child, its column, the parent."""

VALUES: list[tuple[str, str | None, str, str, dict[str, set[str]]]] = [
    (
        since,
        None if until == "-" else until,
        subject.partition(".")[0],
        subject.partition(".")[2],
        {"documented": set(v), "reference": set(v)},
    )
    for since, until, subject, *v in _lines(_VALUES)
] + [
    (
        "0018",
        None,
        "agents",
        "visibility",
        {"documented": {"private", "org", "public"}, "reference": {"global", "public", "team", "private"}},
    )
]
"""The migration that brings a set and the one that replaces it, the column, and what each profile allows."""

UNIQUES: list[tuple[str, str, tuple[str, ...]]] = [
    (since, subject.split(".")[0], tuple(subject.split(".")[1].split("+"))) for since, subject in _lines(_UNIQUES)
]
"""The migration, the table, the columns of the key."""
