"""Small worlds for Hypothesis: broken ones, clean ones, and clean ones with a defect or a change.

All moments lie before 2026-02 or after 2100, and all retentions end before or after both, so that it makes no
difference when a test runs. A key that a row leaves out is NULL.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from worlds.living import columns
from worlds.plants import plants
from worlds.values import DECIDED, DECISIONS, IDS, INT_MAX, INT_MIN, MOMENTS, NAMES, ORGS, TRUST, UNDECIDED, USERS

from conformance.violations.claims import RELATIONSHIPS, UNIQUES, VALUES
from conformance.world import load

World: TypeAlias = dict[str, list[dict[str, Any]]]

DATASETS = Path(__file__).parents[2] / "fixtures" / "datasets"
NOT_THERE = object()

# What is looked at together: a world has up to six rows of some of these tables, and fewer of the others.
GROUPS = (
    ("tasks", "task_dependencies"),
    ("tasks", "workers", "agents", "goals"),
    ("goals", "agents"),
    ("agents", "tool_definitions", "agent_config_revisions"),
    ("agents", "teams", "users", "organizations", "org_memberships", "team_memberships"),
    ("agents", "agent_collaborators", "agent_admins", "org_memberships", "teams"),
    ("approval_requests",),
    ("approval_requests", "goals", "tasks", "workers"),
    ("agent_documents", "goals", "agents"),
    ("chat_sessions", "chat_messages", "slack_sessions", "agents"),
    ("memories", "events", "agents", "organizations"),
    ("llm_usage", "artifacts", "agents", "tasks"),
    ("phase_runs", "phase_summaries", "prompts"),
    ("slack_app_config", "slack_workspaces", "slack_channel_bindings", "slack_user_mappings"),
)


def maybe(pool: Sequence[Any]) -> SearchStrategy[Any]:
    """One of these, or nothing."""
    return st.sampled_from([*pool, NOT_THERE])


def vote() -> SearchStrategy[Any]:
    """An element of `approvals`: most often a sound one."""
    sound = st.fixed_dictionaries(
        {
            "user_id": st.sampled_from(USERS[:9]),
            "decision": st.sampled_from(DECISIONS[:10]),
            "decided_at": st.sampled_from(DECIDED),
        }
    )
    odd = st.fixed_dictionaries(
        {},
        optional={
            "user_id": st.sampled_from(USERS),
            "decision": st.sampled_from(DECISIONS),
            "decided_at": st.sampled_from([*DECIDED, *UNDECIDED]),
            "USER_ID": st.just("ann"),
            "note": st.sampled_from([None, "approved", [{}]]),
        },
    )
    return st.one_of(
        sound, sound, sound, odd, st.sampled_from([None, 1, "approved", True, [], {}, [[]], [{"user_id": "ann"}]])
    )


def approvals() -> SearchStrategy[Any]:
    """What stands in `approvals`: most often an array."""
    votes = st.lists(vote(), max_size=4)
    odd = st.sampled_from(
        [NOT_THERE, None, {}, "approved", "[]", 1, True, {"user_id": "ann", "decision": "approved"}, [[]]]
    )
    return st.one_of(votes, votes, votes, votes, odd)


def allowed_tools(profile: str) -> SearchStrategy[Any]:
    """Tools of an agent: text[] in one profile, jsonb in the other."""
    pool = ["t", "t", "u", "T", "t ", ""]
    names = st.lists(st.sampled_from([*pool, None]), max_size=3)
    if profile == "documented":
        return st.one_of(names, st.none())
    odd = st.sampled_from([NOT_THERE, None, {}, {"t": "t"}, "t", 1, True, ["t", ["t"]], [{"t": 1}], [1], [True], [[]]])
    return st.one_of(names, odd)


@cache
def _special(profile: str) -> Mapping[str, SearchStrategy[Any]]:
    small = st.sampled_from([0, 1, 2, 3, 5, 6, -1, INT_MAX, INT_MIN, NOT_THERE])
    quota = st.sampled_from([0, 1, -1, INT_MIN, NOT_THERE])
    moments = maybe(MOMENTS)
    return {
        "tasks.graph_id": maybe(IDS[:2]),
        "tasks.retries": small,
        "tasks.max_retries": small,
        "goals.depends_on_goal_ids": st.one_of(st.lists(st.sampled_from([*IDS, None]), max_size=4), st.just(NOT_THERE)),
        "goals.cascade_id": maybe(IDS[:2]),
        "goals.completed_at": moments,
        "agents.name": maybe(NAMES),
        "agents.max_concurrent_goals": quota,
        "agents.daily_token_budget": quota,
        "agents.trust_score": maybe(TRUST),
        "agents.tags": st.sampled_from(
            [NOT_THERE, [], ["a"], ["a", "A", "a "], ["a", "b", "a"], ["", ""], ["a", None], [None]]
        ),
        "agents.allowed_tools": allowed_tools(profile),
        "tool_definitions.name": st.sampled_from(["t", "u", "v"]),
        "tool_definitions.version": st.sampled_from(["1", "2"]),
        "agent_config_revisions.revision": st.sampled_from([1, 1, 2, 3, 4, 0, -1, INT_MAX, INT_MIN, NOT_THERE]),
        "agent_config_revisions.created_at": moments,
        "agent_documents.content": st.sampled_from(["", "x", NOT_THERE]),
        "agent_documents.uri": st.sampled_from(["", "x", NOT_THERE, NOT_THERE]),
        "approval_requests.graph_id": maybe(IDS[:2]),
        "approval_requests.plan_payload": st.sampled_from([{}, {"steps": []}, [], 0, False, "", None, NOT_THERE]),
        "approval_requests.decided_by": st.sampled_from(["ann", "", "  ", NOT_THERE]),
        "approval_requests.requested_at": moments,
        "approval_requests.required_approvals": st.sampled_from([1, 1, 1, 2, 2, 3, 0, -1, INT_MAX, NOT_THERE]),
        "approval_requests.approvals": approvals(),
        "agent_collaborators.collaborator_id": maybe(IDS),
        "chat_sessions.retention_days": st.sampled_from([1, 20, 1_000_000, 0, -1, INT_MAX, INT_MIN, NOT_THERE]),
        "chat_sessions.created_at": moments,
        "chat_messages.created_at": moments,
        "memories.created_at": moments,
        "memories.expires_at": moments,
        "events.id": st.integers(1, 6),
    }


@cache
def _cells(profile: str, through: str, table: str) -> Mapping[str, SearchStrategy[Any]]:
    """For each column of a table that an invariant looks at, what may stand in it."""
    cells: dict[str, SearchStrategy[Any]] = {}
    for _, of, names in UNIQUES:
        if of == table:
            cells |= {
                name: st.sampled_from(IDS) if name == "id" else maybe(["x", "y", "X", "x ", ""]) for name in names
            }
    for _, child, column, _ in RELATIONSHIPS:
        if child == table:
            cells[column] = maybe(ORGS if column == "org_id" else IDS)
    for _, until, of, column, allowed in VALUES:
        if of == table and (until is None or through < until):
            good = sorted(allowed[profile])
            cells[column] = maybe([*good, *good, good[0].upper(), f"{good[0]} ", "odd", ""])
    special = {name.partition(".")[2]: s for name, s in _special(profile).items() if name.partition(".")[0] == table}
    alive = columns(profile, through).get(table, frozenset())
    return {name: cell for name, cell in {**cells, **special}.items() if name in alive}


def row(profile: str, through: str, table: str) -> SearchStrategy[dict[str, Any]]:
    """A row of a table, whatever may stand in it."""
    cells = st.fixed_dictionaries(dict(_cells(profile, through, table)))
    return cells.map(lambda drawn: {name: value for name, value in drawn.items() if value is not NOT_THERE})


def without_clashes(world: World) -> World:
    """The world without the rows that a primary key or a unique constraint would refuse."""
    kept: World = {}
    for table, rows in world.items():
        keys = [names for _, of, names in UNIQUES if of == table]
        primary = next(
            (names for names in keys if names == ("id",) or table in ("task_dependencies", "tool_definitions")), ()
        )
        seen: set[Any] = set()
        kept[table] = []
        for some in rows:
            values = {(names, tuple(some.get(name) for name in names)) for names in keys}
            values = {value for value in values if None not in value[1]}
            if not values & seen and all(some.get(name) is not None for name in primary):
                seen |= values
                kept[table].append(some)
    return kept


@st.composite
def worlds(draw: DrawFn, profile: str = "documented", through: str = "0028", *, keys: bool = False) -> World:
    """Any world: orphans, cycles, clashes, strangers, odd values and NULLs.

    With `keys` no row breaks a primary key or a unique constraint; without it ids may be shared, though only where a
    draw says so: most worlds are about something else.
    """
    alive = columns(profile, through)
    group = draw(st.sampled_from(GROUPS))
    beside = draw(st.lists(st.sampled_from(sorted(alive)), max_size=3))
    share_ids = not keys and draw(st.integers(0, 4)) == 4
    world: World = {}
    for table in sorted({*group, *beside} & set(alive)):
        rows = draw(st.lists(row(profile, through, table), max_size=6 if table in group else 2))
        if "id" in alive[table] and not share_ids:
            ids = range(1, 7) if table == "events" else IDS
            for some, id_ in zip(rows, draw(st.permutations(ids)), strict=False):
                some["id"] = id_
        world[table] = rows
    return without_clashes(world) if keys else world


@cache
def small_world(profile: str, through: str) -> World:
    """The small clean world as this profile has it at this migration; not to be changed."""
    files = ["small.json", "small-0025.json"] if through >= "0025" else ["small.json"]
    world: World = {}
    for table, rows in (item for file in files for item in load(DATASETS / file).items()):
        alive = columns(profile, through).get(table)
        if alive:
            world.setdefault(table, []).extend({c: v for c, v in r.items() if c in alive} for r in rows)
    return world


@st.composite
def clean_worlds(draw: DrawFn, profile: str = "documented", through: str = "0028") -> World:
    """A world that keeps every invariant: the small one, its rows in another order, without some that none needs."""
    world = deepcopy(small_world(profile, through))
    parents = {parent for _, _, _, parent in RELATIONSHIPS} | {"tool_definitions", "org_memberships", "goals"}
    for table in world:
        if table not in parents | {"agent_config_revisions"} and draw(st.booleans()):
            world[table] = [r for r in world[table] if draw(st.booleans())]
        world[table] = draw(st.permutations(world[table]))
    return world


@st.composite
def planted_worlds(
    draw: DrawFn, profile: str = "documented", through: str = "0028", id_: str | None = None
) -> tuple[str, World]:
    """A clean world with one planted defect: the invariant that it violates (others may follow), and the world."""
    ways: Mapping[str, Callable[[World], None]] = plants(profile, through)
    chosen = id_ or draw(st.sampled_from(sorted(ways)))
    world = deepcopy(small_world(profile, through))
    ways[chosen](world)
    for table in world:
        world[table] = draw(st.permutations(world[table]))
    return chosen, world


@st.composite
def nearly_clean_worlds(draw: DrawFn, profile: str = "documented", through: str = "0028") -> World:
    """A clean world of which one or two rows are changed, each in one to three columns."""
    world = deepcopy(small_world(profile, through))
    for _ in range(draw(st.integers(1, 2))):
        table = draw(st.sampled_from(sorted(world)))
        at = draw(st.integers(0, len(world[table]) - 1))
        cells = _cells(profile, through, table)
        for name in draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, max_size=3, unique=True)):
            value = draw(st.one_of(cells[name], st.sampled_from([r.get(name, NOT_THERE) for r in world[table]])))
            if value is NOT_THERE:
                world[table][at].pop(name, None)
            else:
                world[table][at][name] = value
    return world
