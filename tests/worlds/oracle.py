"""Which rows of a world violate which invariant: slow, obvious, and independent of the audit.

A witness of a claim on rows is the row's key, a tuple of its values as text; of a claim on several rows it is

| claim | witness |
| --- | --- |
| `no-duplicates` | the values on which rows agree |
| `acyclic` | the set of the nodes of one strong component |
| `one-source` | the cascade |
| `no-near-duplicates` | the set of the ids of all agents of one folded name |
| `without-gaps` | the agent |

The immutability of events is no matter of rows, so the oracle is silent on it.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from worlds.claims import RELATIONSHIPS, UNIQUES, VALUES
from worlds.votes import (
    approvers,
    decision,
    has_denial_in_time,
    is_legacy,
    moment,
    required,
    user,
    votes,
    well_formed,
)

Row: TypeAlias = dict[str, Any]
World: TypeAlias = Mapping[str, Sequence[Row]]
Columns: TypeAlias = Mapping[str, Collection[str]]
Witnesses: TypeAlias = set[Hashable]
Edge: TypeAlias = tuple[str, str]

KEYS = {"task_dependencies": ("task_id", "depends_on"), "tool_definitions": ("name", "version")}


class Look:
    """A world as an invariant looks at it."""

    def __init__(self, world: World, now: datetime) -> None:
        self._world = world
        self._by_id: dict[str, dict[Any, list[Row]]] = {}
        self.now = instant(now.isoformat()) or 0

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self._world.get(table, ())

    def rows_of(self, table: str, id_: Any) -> list[Row]:
        """The rows that have this id; more than one where not even that is unique."""
        if table not in self._by_id:
            self._by_id[table] = defaultdict(list)
            for row in self.rows(table):
                self._by_id[table][row.get("id")].append(row)
        return [] if id_ is None else self._by_id[table].get(id_, [])


Invariant: TypeAlias = Callable[[Look], Iterable[Hashable]]
_SINGLE: dict[str, tuple[str, Invariant]] = {}


def invariant(id_: str, needs: str) -> Callable[[Invariant], Invariant]:
    """Names an invariant, and the columns without which it cannot be judged."""

    def name(function: Invariant) -> Invariant:
        _SINGLE[id_] = (needs, function)
        return function

    return name


def violations(world: World, profile: str, through: str, now: datetime, columns: Columns) -> dict[str, Witnesses]:
    """The witnesses against each invariant that can be judged with these columns at this migration.

    An invariant that holds is there, with none.
    """
    look = Look(world, now)
    return {
        id_: set(function(look))
        for id_, (needs, function) in {**_SINGLE, **_families(profile, through, columns)}.items()
        if id_[:4] <= through and _all_alive(needs, columns)
    }


def single_ids() -> set[str]:
    """The invariants that belong to no family."""
    return set(_SINGLE)


def key(table: str, row: Row) -> tuple[str | None, ...]:
    """What names a row."""
    return tuple(None if row.get(c) is None else str(row[c]) for c in KEYS.get(table, ("id",)))


def instant(text: Any) -> Fraction | None:
    """A timestamp of a column as seconds since the year 1."""
    return moment(text)


def reachable(edges: Set[Edge], start: str) -> set[str]:
    """All that can be reached from a node in one step or more."""
    found: set[str] = set()
    frontier = {start}
    while frontier:
        frontier = {to for at, to in edges if at in frontier} - found
        found |= frontier
    return found


def components(edges: Set[Edge]) -> set[frozenset[str]]:
    """The strong components that hold a cycle, each as the set of its nodes."""
    size = 0
    while len(edges) != size:  # what leads nowhere is in no cycle, nor is what leads only there
        size, starts = len(edges), {at for at, _ in edges}
        edges = {(at, to) for at, to in edges if to in starts}
    reach = {node: reachable(edges, node) for edge in edges for node in edge}
    return {frozenset(n for n in reach[node] if node in reach[n]) for node in reach if node in reach[node]}


def shortest_cycle_length(edges: Set[Edge]) -> int | None:
    """The number of edges of the shortest cycle; None where there is none."""
    lengths = []
    for start in {at for at, _ in edges}:
        length, reached, seen = 1, {to for at, to in edges if at == start}, set[str]()
        while reached and start not in reached:
            seen |= reached
            reached = {to for at, to in edges if at in reached} - seen
            length += 1
        if reached:
            lengths.append(length)
    return min(lengths, default=None)


def is_cycle(edges: Set[Edge], path: Sequence[str]) -> bool:
    """Whether a path of ids goes along edges, meets no node twice, and the last leads to the first."""
    steps = zip(path, [*path[1:], *path[:1]], strict=True)
    return bool(path) and len(set(path)) == len(path) and all(step in edges for step in steps)


def task_edges(world: World) -> set[Edge]:
    """Which task waits for which, whether or not they exist."""
    pairs = ((row.get("task_id"), row.get("depends_on")) for row in world.get("task_dependencies", ()))
    return {(at, to) for at, to in pairs if at is not None and to is not None}


def goal_edges(world: World) -> set[Edge]:
    """Which goal waits for which."""
    goals = [row for row in world.get("goals", ()) if row.get("id") is not None]
    return {(row["id"], to) for row in goals for to in _elements(row)}


_BLANK_LETTERS = {chr(n) for n in (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)} | {
    chr(n) for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for n in range(first, last + 1)
}


def fold(name: str) -> str:
    """What is left of a name without its case, width, spacing, Unicode form, and letters that nobody sees."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf" and letter not in _BLANK_LETTERS)
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def _all_alive(needs: str, columns: Columns) -> bool:
    return all(column in columns.get(table, ()) for table, _, column in (n.partition(".") for n in needs.split()))


def _elements(goal: Row) -> list[str]:
    return [element for element in goal.get("depends_on_goal_ids") or [] if element is not None]


# --- families ---


def _families(profile: str, through: str, columns: Columns) -> dict[str, tuple[str, Invariant]]:
    found: dict[str, tuple[str, Invariant]] = {}
    for since, child, column, parent in RELATIONSHIPS:
        needs = f"{child}.{column} {parent}.id"
        found[f"{since}/{child}.{column}/no-orphan"] = (needs, _no_orphan(child, column, parent))
        if parent != "organizations":
            id_ = f"{max(since, '0018')}/{child}.{column}/same-org"
            found[id_] = (f"{needs} {child}.org_id {parent}.org_id", _same_org(child, column, parent))
    for since, until, table, column, allowed in VALUES:
        if until is None or through < until:
            found[f"{since}/{table}.{column}/in-values"] = (
                f"{table}.{column}",
                _in_values(table, column, allowed[profile]),
            )
    for since, table, names in UNIQUES:
        needs = " ".join(f"{table}.{name}" for name in names)
        found[f"{since}/{table}.{'+'.join(names)}/no-duplicates"] = (needs, _no_duplicates(table, names))
    return found


def _no_orphan(child: str, column: str, parent: str) -> Invariant:
    return lambda look: {
        key(child, row)
        for row in look.rows(child)
        if row.get(column) is not None and not look.rows_of(parent, row[column])
    }


def _same_org(child: str, column: str, parent: str) -> Invariant:
    return lambda look: {
        key(child, row)
        for row in look.rows(child)
        for other in look.rows_of(parent, row.get(column))
        if row.get("org_id") is not None and other.get("org_id") is not None and row["org_id"] != other["org_id"]
    }


def _in_values(table: str, column: str, allowed: Collection[str]) -> Invariant:
    return lambda look: {
        key(table, row) for row in look.rows(table) if row.get(column) is not None and row[column] not in allowed
    }


def _no_duplicates(table: str, names: Sequence[str]) -> Invariant:
    def judge(look: Look) -> Witnesses:
        values = Counter(tuple(row.get(name) for name in names) for row in look.rows(table))
        return {tuple(map(str, value)) for value, times in values.items() if None not in value and times > 1}

    return judge


# --- tasks ---

_EDGES = "task_dependencies.task_id task_dependencies.depends_on"
_QUEUED_OR_LATER = {"queued", "scheduled", "running", "completed", "failed", "dead_letter"}


def _dependencies(look: Look) -> list[tuple[Row, Row, Row]]:
    """Each dependency with the task that waits and the one it waits for, where both exist."""
    return [
        (row, waiting, other)
        for row in look.rows("task_dependencies")
        for waiting in look.rows_of("tasks", row.get("task_id"))
        for other in look.rows_of("tasks", row.get("depends_on"))
    ]


@invariant("0002/task_dependencies/acyclic", _EDGES)
def _tasks_acyclic(look: Look) -> Iterable[Hashable]:
    return components(task_edges({"task_dependencies": look.rows("task_dependencies")}))


@invariant("0002/task_dependencies/no-self-dependency", _EDGES)
def _no_task_on_itself(look: Look) -> Iterable[Hashable]:
    rows = look.rows("task_dependencies")
    return [
        key("task_dependencies", r)
        for r in rows
        if r.get("task_id") is not None and r["task_id"] == r.get("depends_on")
    ]


@invariant("0002/task_dependencies/one-graph", f"{_EDGES} tasks.id tasks.graph_id")
def _one_graph(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        graphs = waiting.get("graph_id"), other.get("graph_id")
        if None not in graphs and graphs[0] != graphs[1]:
            yield key("task_dependencies", row)


@invariant("0018/task_dependencies/one-org", f"{_EDGES} tasks.id tasks.org_id")
def _one_org(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        owners = waiting.get("org_id"), other.get("org_id")
        if None not in owners and owners[0] != owners[1]:
            yield key("task_dependencies", row)


@invariant("0002/task_dependencies/dependencies-completed", f"{_EDGES} tasks.id tasks.status")
def _dependencies_completed(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        if waiting.get("status") in _QUEUED_OR_LATER and other.get("status") not in (None, "completed"):
            yield key("task_dependencies", row)


@invariant("0001/tasks.retries+max_retries/within", "tasks.id tasks.retries tasks.max_retries")
def _retries_within(look: Look) -> Iterable[Hashable]:
    for row in look.rows("tasks"):
        retries, limit = row.get("retries"), row.get("max_retries")
        if retries is not None and (retries < 0 or (limit is not None and retries > limit)):
            yield key("tasks", row)


@invariant("0025/tasks.status/dead-letter-spent", "tasks.id tasks.status tasks.retries tasks.max_retries")
def _dead_letter_spent(look: Look) -> Iterable[Hashable]:
    for row in look.rows("tasks"):
        spent = row.get("retries"), row.get("max_retries")
        if row.get("status") == "dead_letter" and None not in spent and spent[0] < spent[1]:
            yield key("tasks", row)


# --- goals ---

_DEPENDING = "goals.id goals.depends_on_goal_ids"


@invariant("0026/goals.depends_on_goal_ids/acyclic", _DEPENDING)
def _goals_acyclic(look: Look) -> Iterable[Hashable]:
    return components(goal_edges({"goals": look.rows("goals")}))


@invariant("0026/goals.depends_on_goal_ids/no-self-dependency", _DEPENDING)
def _no_goal_on_itself(look: Look) -> Iterable[Hashable]:
    return [key("goals", row) for row in look.rows("goals") if row.get("id") in _elements(row)]


@invariant("0026/goals.depends_on_goal_ids/no-dangling", _DEPENDING)
def _no_dangling(look: Look) -> Iterable[Hashable]:
    return [key("goals", r) for r in look.rows("goals") if any(not look.rows_of("goals", e) for e in _elements(r))]


@invariant("0026/goals.depends_on_goal_ids/blocked-iff-incomplete", f"{_DEPENDING} goals.status")
def _blocked_iff_incomplete(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        found = [look.rows_of("goals", element) for element in _elements(row)]
        incomplete = any(other.get("status") not in (None, "completed") for others in found for other in others)
        if incomplete:
            violated = row.get("status") in ("pending", "active", "completed")
        else:
            violated = all(found) and row.get("status") == "blocked"
        if violated:
            yield key("goals", row)


@invariant("0026/goals.cascade_id/one-source", "goals.cascade_id goals.source_agent_id")
def _one_source(look: Look) -> Iterable[Hashable]:
    sources = defaultdict(set)
    for row in look.rows("goals"):
        if row.get("cascade_id") is not None and row.get("source_agent_id") is not None:
            sources[row["cascade_id"]].add(row["source_agent_id"])
    return [(cascade,) for cascade, agents in sources.items() if len(agents) > 1]


@invariant("0026/goals.cascade_id/along-dependencies", f"{_DEPENDING} goals.cascade_id")
def _along_dependencies(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        others = [other.get("cascade_id") for element in _elements(row) for other in look.rows_of("goals", element)]
        if row.get("cascade_id") is not None and any(other not in (None, row["cascade_id"]) for other in others):
            yield key("goals", row)


@invariant("0026/goals.depends_on_goal_ids/one-org", f"{_DEPENDING} goals.org_id")
def _goals_of_one_org(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        owners = {other.get("org_id") for element in _elements(row) for other in look.rows_of("goals", element)}
        if row.get("org_id") is not None and owners - {None, row["org_id"]}:
            yield key("goals", row)


@invariant("0026/goals.completed_at/iff-completed", "goals.id goals.status goals.completed_at")
def _iff_completed(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        status = row.get("status")
        if status is not None and (status == "completed") != (row.get("completed_at") is not None):
            yield key("goals", row)


# --- agents ---


@invariant("0015/agents.name/no-near-duplicates", "agents.id agents.name")
def _no_near_duplicates(look: Look) -> Iterable[Hashable]:
    folded = defaultdict(list)
    for row in look.rows("agents"):
        if row.get("name") is not None:
            folded[fold(row["name"])].append(row)
    for rows in folded.values():
        if len({row["name"] for row in rows}) > 1:
            yield frozenset(row.get("id") for row in rows)


@invariant("0024/agents.max_concurrent_goals/not-negative", "agents.id agents.max_concurrent_goals")
def _goals_not_negative(look: Look) -> Iterable[Hashable]:
    return [key("agents", row) for row in look.rows("agents") if (row.get("max_concurrent_goals") or 0) < 0]


@invariant("0024/agents.daily_token_budget/not-negative", "agents.id agents.daily_token_budget")
def _tokens_not_negative(look: Look) -> Iterable[Hashable]:
    return [key("agents", row) for row in look.rows("agents") if (row.get("daily_token_budget") or 0) < 0]


@invariant("0027/agents.trust_score/in-range", "agents.id agents.trust_score")
def _trust_in_range(look: Look) -> Iterable[Hashable]:
    trusted = [row for row in look.rows("agents") if row.get("trust_score") is not None]
    return [key("agents", row) for row in trusted if not 0 <= float(row["trust_score"]) <= 1]


@invariant("0024/agents.allowed_tools/in-catalogue", "agents.id agents.allowed_tools tool_definitions.name")
def _tools_in_catalogue(look: Look) -> Iterable[Hashable]:
    names = {row["name"] for row in look.rows("tool_definitions") if row.get("name") is not None}
    for row in look.rows("agents"):
        tools = row.get("allowed_tools")
        if tools is not None and not (
            isinstance(tools, list) and all(isinstance(tool, str) and tool in names for tool in tools)
        ):
            yield key("agents", row)


_REVISIONS = "agent_config_revisions.agent_id agent_config_revisions.revision"


@invariant("0024/agent_config_revisions.revision/rising", f"{_REVISIONS} agent_config_revisions.created_at")
def _rising(look: Look) -> Iterable[Hashable]:
    of_agent = defaultdict(list)
    for row in look.rows("agent_config_revisions"):
        at = instant(row.get("created_at"))
        if row.get("agent_id") is not None and row.get("revision") is not None and at is not None:
            of_agent[row["agent_id"]].append((at, row))
    for rows in of_agent.values():
        for later, row in rows:
            if any(earlier < later and other["revision"] >= row["revision"] for earlier, other in rows):
                yield key("agent_config_revisions", row)


@invariant("0024/agent_config_revisions.revision/without-gaps", _REVISIONS)
def _without_gaps(look: Look) -> Iterable[Hashable]:
    revisions = defaultdict(set)
    for row in look.rows("agent_config_revisions"):
        if row.get("agent_id") is not None and row.get("revision") is not None:
            revisions[row["agent_id"]].add(row["revision"])
    return [(agent,) for agent, some in revisions.items() if len(some) != max(some) - min(some) + 1]


@invariant("0013/agent_documents.content+uri/content-or-uri", "agent_documents.content agent_documents.uri")
def _content_or_uri(look: Look) -> Iterable[Hashable]:
    rows = look.rows("agent_documents")
    return [key("agent_documents", row) for row in rows if row.get("content") is None and row.get("uri") is None]


@invariant(
    "0013/agent_documents.goal_id/goals-agent", "agent_documents.goal_id agent_documents.agent_id goals.agent_id"
)
def _goals_agent(look: Look) -> Iterable[Hashable]:
    for row in look.rows("agent_documents"):
        for goal in look.rows_of("goals", row.get("goal_id")):
            agents = row.get("agent_id"), goal.get("agent_id")
            if None not in agents and agents[0] != agents[1]:
                yield key("agent_documents", row)


# --- approvals ---

_VOTES = "approval_requests.id approval_requests.approvals"
_COUNTED = f"{_VOTES} approval_requests.status approval_requests.required_approvals"


def _requests(look: Look, violated: Callable[[Row], bool]) -> list[Hashable]:
    return [key("approval_requests", row) for row in look.rows("approval_requests") if violated(row)]


@invariant("0028/approval_requests.approvals/well-formed", _VOTES)
def _well_formed(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: not well_formed(row))


@invariant("0028/approval_requests.approvals/one-vote-a-user", _VOTES)
def _one_vote_a_user(look: Look) -> Iterable[Hashable]:
    def violated(row: Row) -> bool:
        users = [who for vote in votes(row) if (who := user(vote)) is not None]
        return len(set(users)) < len(users)

    return _requests(look, violated)


@invariant("0028/approval_requests.approvals/enough-approvers", f"{_COUNTED} approval_requests.decided_by")
def _enough_approvers(look: Look) -> Iterable[Hashable]:
    return _requests(
        look,
        lambda row: (
            row.get("status") == "approved" and len(approvers(votes(row))) < required(row) and not is_legacy(row)
        ),
    )


@invariant("0028/approval_requests.approvals/denial-decides", _COUNTED)
def _denial_decides(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: row.get("status") not in (None, "denied") and has_denial_in_time(row))


@invariant("0028/approval_requests.approvals/pending-below-count", _COUNTED)
def _pending_below_count(look: Look) -> Iterable[Hashable]:
    return _requests(
        look,
        lambda row: (
            row.get("status") == "pending"
            and len(approvers(votes(row))) >= required(row)
            and not any(decision(vote) == "denied" for vote in votes(row))
        ),
    )


@invariant("0028/approval_requests.required_approvals/at-least-one", "approval_requests.required_approvals")
def _at_least_one(look: Look) -> Iterable[Hashable]:
    return _requests(look, lambda row: row.get("required_approvals") is not None and row["required_approvals"] < 1)


@invariant(
    "0014/approval_requests.request_type/plan-is-whole",
    "approval_requests.request_type approval_requests.goal_id approval_requests.graph_id approval_requests.plan_payload",
)
def _plan_is_whole(look: Look) -> Iterable[Hashable]:
    parts = ("goal_id", "graph_id", "plan_payload")
    return _requests(
        look, lambda row: row.get("request_type") == "plan" and any(row.get(part) is None for part in parts)
    )


@invariant("0028/approval_requests.approvals/votes-in-time", f"{_VOTES} approval_requests.requested_at")
def _votes_in_time(look: Look) -> Iterable[Hashable]:
    def violated(row: Row) -> bool:
        asked = instant(row.get("requested_at"))
        times = [moment(vote.get("decided_at")) for vote in votes(row) if isinstance(vote, dict)]
        return any(at is not None and ((asked is not None and at < asked) or at > look.now) for at in times)

    return _requests(look, violated)


# --- tenants ---

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


# --- chat and memories ---


@invariant("0024/chat_sessions.retention_days/positive", "chat_sessions.id chat_sessions.retention_days")
def _retention_positive(look: Look) -> Iterable[Hashable]:
    rows = look.rows("chat_sessions")
    return [key("chat_sessions", r) for r in rows if r.get("retention_days") is not None and r["retention_days"] < 1]


@invariant(
    "0024/chat_sessions.retention_days/not-outlived",
    "chat_sessions.id chat_sessions.retention_days chat_sessions.created_at"
    " chat_messages.session_id chat_messages.created_at",
)
def _not_outlived(look: Look) -> Iterable[Hashable]:
    for row in look.rows("chat_sessions"):
        mine = [m for m in look.rows("chat_messages") if row.get("id") is not None and m.get("session_id") == row["id"]]
        times = [at for r in (row, *mine) if (at := instant(r.get("created_at"))) is not None]
        days = row.get("retention_days")
        if days is not None and days >= 1 and times and max(times) + days * 86400 < look.now:
            yield key("chat_sessions", row)


@invariant("0024/memories.expires_at/after-creation", "memories.id memories.expires_at memories.created_at")
def _expires_after_creation(look: Look) -> Iterable[Hashable]:
    for row in look.rows("memories"):
        expires, created = instant(row.get("expires_at")), instant(row.get("created_at"))
        if expires is not None and created is not None and expires <= created:
            yield key("memories", row)
