"""One defect for each invariant, planted in the small clean world."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from worlds.living import columns

from conformance.violations.claims import RELATIONSHIPS, UNIQUES, VALUES
from conformance.violations.look import KEYS

Row: TypeAlias = dict[str, Any]
World: TypeAlias = dict[str, list[Row]]
Plant: TypeAlias = Callable[[World], None]

NOBODY = "ffffffff-0000-4000-8000-ffffffffffff"
LATE = "2026-01-30T10:00:00+00:00"


def _vote(world: World, number: int, decision: str, at: str = "2026-01-20T10:00:00Z") -> Row:
    return {"user_id": world["users"][number]["id"], "decision": decision, "decided_at": at}


def _change(table: str, which: Callable[[Row], bool], **values: Any) -> Plant:
    """Gives the first row that is so these values."""

    def plant(world: World) -> None:
        next(row for row in world[table] if which(row)).update(values)

    return plant


def _is(**values: Any) -> Callable[[Row], bool]:
    return lambda row: all(row.get(name) == value for name, value in values.items())


def _any(row: Row) -> bool:
    return True


# --- families ---


def _orphan(child: str, column: str) -> Plant:
    return _change(child, _any, **{column: NOBODY})


def _stranger(child: str, column: str, parent: str) -> Plant:
    def plant(world: World) -> None:
        of = {row["id"]: row.get("org_id") for row in world[parent]}
        row = next(row for row in world[child] if row.get("org_id") is not None and of.get(row.get(column)) is not None)
        row["org_id"] = next(o["id"] for o in reversed(world["organizations"]) if o["id"] != row["org_id"])

    return plant


def _twice(table: str, names: tuple[str, ...]) -> Plant:
    """A second row with the first one's values; where the key is not `id` alone, of another id."""

    def plant(world: World) -> None:
        whole = names == ("id",) or table in KEYS
        row = dict(world[table][0])
        if not whole:
            row["id"] = NOBODY
        world[table].append(row)

    return plant


# --- single ones ---


def _edge(at: int, to: int) -> Plant:
    """Task number `at` waits for task number `to`."""

    def plant(world: World) -> None:
        tasks = world["tasks"]
        world["task_dependencies"].append({"task_id": tasks[at - 1]["id"], "depends_on": tasks[to - 1]["id"]})

    return plant


def _goal_on(at: int, *to: int) -> Plant:
    """Goal number `at` waits for these; for a stranger where it is 0."""

    def plant(world: World) -> None:
        goals = world["goals"]
        goals[at - 1]["depends_on_goal_ids"] = [goals[n - 1]["id"] if n else NOBODY for n in to]

    return plant


def _goal_sources(world: World) -> None:
    world["goals"][1]["source_agent_id"] = world["agents"][1]["id"]


def _goals_cascade(world: World) -> None:
    world["goals"][2]["cascade_id"] = NOBODY


def _near_name(world: World) -> None:
    world["agents"][1]["name"] = world["agents"][0]["name"].upper() + " "


def _stranger_document(world: World) -> None:
    document = next(row for row in world["agent_documents"] if row["goal_id"] is not None)
    document["agent_id"] = world["agents"][-1]["id"]


def _votes(required: int, status: str, *decisions: tuple[int, str]) -> Plant:
    def plant(world: World) -> None:
        row = world["approval_requests"][-1]
        row.update(required_approvals=required, status=status, approvals=[_vote(world, n, d) for n, d in decisions])

    return plant


def _malformed(world: World) -> None:
    world["approval_requests"][-1]["approvals"][0]["decided_at"] = "2026-02-30T10:00:00Z"


def _vote_too_early(world: World) -> None:
    row = world["approval_requests"][-1]
    row["approvals"] = [_vote(world, 4, "approved", "2025-12-31T10:00:00Z")]


def _revision(revision: int) -> Plant:
    """One more revision of the first agent, the latest of all."""

    def plant(world: World) -> None:
        row = {**world["agent_config_revisions"][0], "id": NOBODY, "revision": revision, "created_at": LATE}
        world["agent_config_revisions"].append(row)

    return plant


def _outsider(table: str, column: str, kind: str | None = None) -> Plant:
    """A user of another organization on the first row."""

    def plant(world: World) -> None:
        row = next(row for row in world[table] if kind is None or row["collaborator_type"] == kind)
        row[column] = world["users"][-1]["id"]

    return plant


def _org_of(table: str, depends: Callable[[World, Row], bool]) -> Plant:
    """Another organization on the first row that depends on one."""

    def plant(world: World) -> None:
        row = next(row for row in world[table] if row.get("org_id") is not None and depends(world, row))
        row["org_id"] = next(org["id"] for org in world["organizations"] if org["id"] != row["org_id"])

    return plant


_SINGLE: Mapping[str, Plant] = {
    "0018/task_dependencies/one-org": _org_of(
        "tasks", lambda world, row: any(edge["task_id"] == row["id"] for edge in world["task_dependencies"])
    ),
    "0026/goals.depends_on_goal_ids/one-org": _org_of("goals", lambda _, row: bool(row["depends_on_goal_ids"])),
    "0002/task_dependencies/acyclic": _edge(10, 12),
    "0002/task_dependencies/no-self-dependency": _edge(9, 9),
    "0002/task_dependencies/one-graph": _edge(9, 1),
    "0002/task_dependencies/dependencies-completed": _edge(5, 8),
    "0001/tasks.retries+max_retries/within": _change("tasks", _any, retries=6),
    "0025/tasks.status/dead-letter-spent": _change("tasks", _is(status="dead_letter"), retries=2),
    "0026/goals.depends_on_goal_ids/acyclic": _goal_on(3, 1, 2, 4),
    "0026/goals.depends_on_goal_ids/no-self-dependency": _goal_on(4, 3, 4),
    "0026/goals.depends_on_goal_ids/no-dangling": _goal_on(4, 3, 0),
    "0026/goals.depends_on_goal_ids/blocked-iff-incomplete": _change("goals", _is(status="blocked"), status="active"),
    "0026/goals.cascade_id/one-source": _goal_sources,
    "0026/goals.cascade_id/along-dependencies": _goals_cascade,
    "0026/goals.completed_at/iff-completed": _change("goals", _is(status="active"), completed_at=LATE),
    "0015/agents.name/no-near-duplicates": _near_name,
    "0024/agents.max_concurrent_goals/not-negative": _change("agents", _any, max_concurrent_goals=-1),
    "0024/agents.daily_token_budget/not-negative": _change("agents", _any, daily_token_budget=-1),
    "0027/agents.trust_score/in-range": _change("agents", _any, trust_score="NaN"),
    "0027/agents.tags/no-repetition": _change("agents", _any, tags=["night", "day", "night"]),
    "0024/agents.allowed_tools/in-catalogue": _change("agents", _any, allowed_tools=["search", "Shell"]),
    "0024/agent_config_revisions.revision/rising": _revision(0),
    "0024/agent_config_revisions.revision/without-gaps": _revision(5),
    "0013/agent_documents.content+uri/content-or-uri": _change("agent_documents", _any, content=None, uri=None),
    "0013/agent_documents.goal_id/goals-agent": _stranger_document,
    "0028/approval_requests.approvals/well-formed": _malformed,
    "0028/approval_requests.approvals/one-vote-a-user": _votes(1, "approved", (0, "approved"), (0, "approved")),
    "0028/approval_requests.approvals/enough-approvers": _votes(2, "approved", (0, "approved")),
    "0028/approval_requests.approvals/denial-decides": _votes(1, "approved", (0, "denied"), (1, "approved")),
    "0028/approval_requests.approvals/denied-by-denial": _votes(2, "denied", (0, "approved"), (1, "approved")),
    "0028/approval_requests.approvals/pending-below-count": _votes(1, "pending", (0, "approved")),
    "0028/approval_requests.required_approvals/at-least-one": _change("approval_requests", _any, required_approvals=0),
    "0014/approval_requests.request_type/plan-is-whole": _change(
        "approval_requests", _is(request_type="plan"), graph_id=None
    ),
    "0028/approval_requests.approvals/votes-in-time": _vote_too_early,
    "0018/team_memberships.user_id/members-of-org": _outsider("team_memberships", "user_id"),
    "0018/agent_admins.user_id/members-of-org": _outsider("agent_admins", "user_id"),
    "0018/agent_collaborators.collaborator_id/in-org": _outsider("agent_collaborators", "collaborator_id", "user"),
    "0018/agent_collaborators.collaborator_id/no-orphan": _orphan("agent_collaborators", "collaborator_id"),
    "0024/chat_sessions.retention_days/positive": _change("chat_sessions", _any, retention_days=0),
    "0024/chat_sessions.retention_days/not-outlived": _change("chat_sessions", _any, retention_days=10),
    "0024/memories.expires_at/after-creation": _change("memories", _any, expires_at="2026-01-01T10:00:00+00:00"),
}


@cache
def plants(profile: str, through: str) -> Mapping[str, Plant]:
    """For each invariant that lives there the way to violate it in the small world; others may follow."""
    alive = columns(profile, through)
    ways = {}
    for since, child, column, parent in RELATIONSHIPS:
        if column in alive.get(child, ()) and "id" in alive.get(parent, ()):
            ways[f"{since}/{child}.{column}/no-orphan"] = _orphan(child, column)
            if parent != "organizations" and "org_id" in alive[child] and "org_id" in alive[parent]:
                ways[f"{max(since, '0018')}/{child}.{column}/same-org"] = _stranger(child, column, parent)
            if parent == "users" and child != "org_memberships" and "org_id" in alive[child]:
                ways[f"{max(since, '0018')}/{child}.{column}/members-of-org"] = _outsider(child, column)
    for since, until, table, column, _ in VALUES:
        if column in alive.get(table, ()) and (until is None or through < until):
            ways[f"{since}/{table}.{column}/in-values"] = _change(table, _any, **{column: "odd"})
    for since, table, names in UNIQUES:
        if set(names) <= set(alive.get(table, ())):
            ways[f"{since}/{table}.{'+'.join(names)}/no-duplicates"] = _twice(table, names)
    return {id_: way for id_, way in {**ways, **_SINGLE}.items() if _lives(id_, through, alive)}


def _lives(id_: str, through: str, alive: Mapping[str, frozenset[str]]) -> bool:
    table, _, names = id_.split("/")[1].partition(".")
    if id_.endswith("/one-org") and "org_id" not in alive.get({"task_dependencies": "tasks"}.get(table, table), ()):
        return False
    return id_[:4] <= through and all(name in alive.get(table, ()) for name in names.split("+") if name)
