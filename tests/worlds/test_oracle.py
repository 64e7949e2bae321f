"""The oracle itself, by hand: for each invariant worlds that violate it, and worlds that nearly do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from judged import conforming, contract, named
from worlds.living import columns

from conformance.sandbox import Server
from conformance.violations import single_ids, violations
from conformance.violations.agents import fold
from conformance.violations.claims import RELATIONSHIPS, UNIQUES, VALUES
from conformance.violations.graphs import components, is_cycle, shortest_cycle_length
from conformance.violations.look import KEYS
from conformance.violations.votes import moment, user
from conformance.world import column_types, load

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALL = {
    table: columns("documented", "0028").get(table, frozenset()) | columns("reference", "0022").get(table, frozenset())
    for table in columns("documented", "0028")
}
DATASETS = Path(__file__).parents[2] / "fixtures" / "datasets"


def found(world: dict[str, Any], profile: str = "documented", through: str = "0028") -> dict[str, set[Any]]:
    """The invariants that are violated."""
    return {id_: some for id_, some in violations(world, profile, through, NOW, ALL).items() if some}


# --- families ---


@pytest.mark.parametrize(("since", "child", "column", "parent"), RELATIONSHIPS)
def test_no_orphan(since: str, child: str, column: str, parent: str) -> None:
    id_ = f"{since}/{child}.{column}/no-orphan"
    row = {"id": "1", "task_id": "1", "depends_on": "1", column: "2"}
    witness = tuple(row[c] for c in KEYS.get(child, ("id",)))
    assert found({child: [row]})[id_] == {witness}
    assert found({child: [row], parent: [{"id": "3"}]})[id_] == {witness}
    assert id_ not in found({child: [row], parent: [{"id": "2"}]})
    assert id_ not in found({child: [{**row, column: None}]})


@pytest.mark.parametrize(
    ("child", "column"),
    [(child, column) for _, child, column, parent in RELATIONSHIPS if parent == "users" and "org_id" in ALL[child]],
)
def test_named_users_are_members(child: str, column: str) -> None:
    if child == "org_memberships":  # it is the membership
        assert not any(
            id_.endswith(f"/{child}.{column}/members-of-org") for id_ in violations({}, "documented", "0028", NOW, ALL)
        )
        return
    [id_] = [
        i for i in violations({}, "documented", "0028", NOW, ALL) if i.endswith(f"/{child}.{column}/members-of-org")
    ]
    row = {"id": "1", column: "v", "org_id": "n"}
    assert found({**MEMBERS, child: [row]})[id_] == {("1",)}
    assert found({child: [row]})[id_] == {("1",)}
    for near in ({column: "u"}, {"org_id": "s"}, {"org_id": None}, {column: None}):
        assert id_ not in found({**MEMBERS, child: [{**row, **near}]})


@pytest.mark.parametrize(("since", "child", "column", "parent"), [r for r in RELATIONSHIPS if r[3] != "organizations"])
def test_same_org(since: str, child: str, column: str, parent: str) -> None:
    id_ = f"{max(since, '0018')}/{child}.{column}/same-org"
    judged = violations({}, "documented", "0028", NOW, ALL)
    if "org_id" not in ALL[child] or "org_id" not in ALL[parent]:
        assert id_ not in judged
        return
    row, other = {"id": "1", column: "2", "org_id": "n"}, {"id": "2", "org_id": "s"}
    assert found({child: [row], parent: [other]})[id_] == {("1",)}
    for near in ({"org_id": "n"}, {"org_id": None}, {"id": "3"}):
        assert id_ not in found({child: [row], parent: [{**other, **near}]})
    assert id_ not in found({child: [{**row, "org_id": None}], parent: [other]})


@pytest.mark.parametrize(("since", "until", "table", "column", "allowed"), VALUES)
def test_in_values(since: str, until: str | None, table: str, column: str, allowed: dict[str, set[str]]) -> None:
    id_ = f"{since}/{table}.{column}/in-values"
    through = "0028" if until is None else "0024"
    for profile, values in allowed.items():
        for value in values:
            assert id_ not in found({table: [{"id": "1", column: value}]}, profile, through)
            for wrong in (value.upper(), f"{value} ", value[1:], ""):
                assert found({table: [{"id": "1", column: wrong}]}, profile, through)[id_] == {("1",)}
        assert id_ not in found({table: [{"id": "1", column: None}]}, profile, through)


def test_the_states_of_a_task_change() -> None:
    world = {"tasks": [{"id": "1", "status": "dead_letter"}]}
    assert set(found(world, through="0024")) == {"0008/tasks.status/in-values"}
    assert found(world) == {}


@pytest.mark.parametrize(("since", "table", "names"), UNIQUES)
def test_no_duplicates(since: str, table: str, names: tuple[str, ...]) -> None:
    id_ = f"{since}/{table}.{'+'.join(names)}/no-duplicates"
    row: dict[str, Any] = {name: 1 if name == "revision" else "x" for name in names}
    nothing = dict.fromkeys(names)
    assert found({table: [row, row]})[id_] == {tuple(map(str, row.values()))}
    assert id_ not in found({table: [row, nothing, nothing]})
    for name in names:
        assert id_ not in found({table: [row, {**row, name: 2 if name == "revision" else "X"}]})
        assert id_ not in found({table: [{**row, name: None}] * 2})


# --- single ones ---

GRAPH = [{"id": n, "graph_id": "g", "status": "created"} for n in "abc"]


def edges(*pairs: str) -> list[dict[str, str]]:
    """`ab`: a waits for b."""
    return [{"task_id": a, "depends_on": b} for a, b in pairs]


def goals(**depends: str) -> list[dict[str, Any]]:
    """Goals by id, each with those that it waits for."""
    return [{"id": id_, "depends_on_goal_ids": [*some]} for id_, some in depends.items()]


def statuses(*some: str | None, link: str = "ab") -> dict[str, Any]:
    """Tasks a, b, … of these statuses, with one dependency."""
    tasks = [{"id": id_, "graph_id": "g", "status": s} for id_, s in zip("abc", some, strict=False)]
    return {"tasks": tasks, "task_dependencies": edges(link)}


def blocked(a: str | None, b: str | None, *elements: str | None) -> dict[str, Any]:
    """Goal a that waits for these, beside goal b."""
    return {"goals": [{"id": "a", "status": a, "depends_on_goal_ids": [*elements]}, {"id": "b", "status": b}]}


def agents(*names: str) -> dict[str, Any]:
    """Agents with these names."""
    return {"agents": [{"id": str(n), "name": name} for n, name in enumerate(names)]}


def tools(allowed: Any) -> dict[str, Any]:
    """An agent that may use these, beside a catalogue."""
    return {"agents": [{"id": "a", "allowed_tools": allowed}], "tool_definitions": [{"name": "t"}, {"name": "u"}]}


def revisions(*some: tuple[Any, ...]) -> dict[str, Any]:
    """Agent, revision and day of each."""
    return {
        "agent_config_revisions": [
            {"id": str(n), "agent_id": agent, "revision": revision, "created_at": day and f"2026-01-{day:02}T00:00:00Z"}
            for n, (agent, revision, day) in enumerate(some)
        ]
    }


FIRST = revisions(("a", 1, 1))["agent_config_revisions"]


def request(*votes: Any, **more: Any) -> dict[str, Any]:
    """A request with votes, each `user+` or `user-` or an element as it is, an hour apart."""
    elements = [
        {
            "user_id": v[:-1],
            "decision": "approved" if v[-1] == "+" else "denied",
            "decided_at": f"2026-01-05T1{n}:00:00Z",
        }
        if isinstance(v, str)
        else v
        for n, v in enumerate(votes)
    ]
    return {"approval_requests": [{"id": "r", "approvals": elements, **more}]}


def at(time: Any, **more: Any) -> dict[str, Any]:
    """A request with one vote at that time."""
    return request({"user_id": "u", "decision": "approved", "decided_at": time}, **more)


def by(who: Any, decision: Any = "approved", **more: Any) -> dict[str, Any]:
    """One vote."""
    return {"user_id": who, "decision": decision, "decided_at": "2026-01-05T10:00:00Z", **more}


UUID = "0af3c2d1-0000-4000-8000-00000000ABCD"
MEMBERS = {"org_memberships": [{"user_id": "u", "org_id": "n"}, {"user_id": "v", "org_id": "s"}]}


def collaborator(kind: str | None, who: str | None) -> dict[str, Any]:
    """One of an agent, beside a user and a team."""
    row = {"id": "c", "agent_id": "a", "collaborator_type": kind, "collaborator_id": who}
    return {"users": [{"id": "u"}], "teams": [{"id": "t"}], "agent_collaborators": [row]}


def session(days: int | None, created: str | None, *messages: str | None) -> dict[str, Any]:
    """A session with messages of that age."""
    return {
        "chat_sessions": [{"id": "s", "retention_days": days, "created_at": created}],
        "chat_messages": [{"session_id": "s", "created_at": m} for m in messages],
    }


R, S = ("r",), ("s",)
CASES: dict[str, tuple[list[tuple[dict[str, Any], set[Any]]], list[dict[str, Any]]]] = {
    "0002/task_dependencies/acyclic": (
        [
            ({"task_dependencies": edges("aa")}, {frozenset("a")}),
            ({"task_dependencies": edges("ab", "ba", "cb")}, {frozenset("ab")}),
            ({"task_dependencies": edges("ab", "bc", "ca", "xx")}, {frozenset("abc"), frozenset("x")}),
        ],
        [
            {"task_dependencies": edges("ab", "bc", "ac")},
            {"task_dependencies": [{"task_id": None, "depends_on": None}, {"task_id": "a", "depends_on": None}]},
        ],
    ),
    "0002/task_dependencies/no-self-dependency": (
        [({"task_dependencies": edges("aa", "ab")}, {("a", "a")})],
        [{"task_dependencies": edges("ab", "ba")}, {"task_dependencies": [{"task_id": None, "depends_on": None}]}],
    ),
    "0002/task_dependencies/one-graph": (
        [
            ({"tasks": [*GRAPH, {"id": "z", "graph_id": g}], "task_dependencies": edges("az", "ab")}, {("a", "z")})
            for g in ("h", None)
        ],
        [
            {"tasks": GRAPH, "task_dependencies": edges("ab", "az")},
            {"tasks": [{"id": "y"}, {"id": "z", "graph_id": None}], "task_dependencies": edges("yz", "zx")},
        ],
    ),
    "0018/task_dependencies/one-org": (
        [
            (
                {"tasks": [{"id": "a", "org_id": "o"}, {"id": "b", "org_id": "p"}], "task_dependencies": edges("ab")},
                {("a", "b")},
            )
        ],
        [
            {"tasks": [{"id": "a", "org_id": x}, {"id": "b", "org_id": y}], "task_dependencies": edges("ab", "az")}
            for x, y in (("o", "o"), (None, "o"), ("o", None))
        ],
    ),
    "0026/goals.depends_on_goal_ids/one-org": (
        [
            (
                {"goals": [{"id": "a", "org_id": "o", "depends_on_goal_ids": ["b"]}, {"id": "b", "org_id": "p"}]},
                {("a",)},
            )
        ],
        [
            {"goals": [{"id": "a", "org_id": x, "depends_on_goal_ids": ["b", "z"]}, {"id": "b", "org_id": y}]}
            for x, y in (("o", "o"), (None, "o"), ("o", None))
        ],
    ),
    "0002/task_dependencies/dependencies-completed": (
        [
            (statuses(s, o), {("a", "b")})
            for s in ("queued", "scheduled", "running", "completed", "failed", "dead_letter")
            for o in ("created", "failed", "dead_letter", "odd", None)
        ],
        [
            statuses("running", "completed"),
            statuses("pending", "created"),
            statuses("created", "failed"),
            statuses("odd", "created"),
            statuses(None, "created"),
            statuses("running", link="ab"),
            statuses("created", "running", link="ab"),
        ],
    ),
    "0001/tasks.retries+max_retries/within": (
        [
            ({"tasks": [{"id": "a", "retries": r, "max_retries": m}]}, {("a",)})
            for r, m in ((6, 5), (-1, 5), (-1, None))
        ],
        [{"tasks": [{"id": "a", "retries": r, "max_retries": m}]} for r, m in ((5, 5), (0, 0), (9, None), (None, 5))],
    ),
    "0025/tasks.status/dead-letter-spent": (
        [({"tasks": [{"id": "a", "status": "dead_letter", "retries": 4, "max_retries": 5}]}, {("a",)})],
        [
            {"tasks": [{"id": "a", "status": s, "retries": r, "max_retries": 5}]}
            for s, r in (("dead_letter", 5), ("failed", 4), ("dead_letter", None), (None, 1))
        ],
    ),
    "0026/goals.depends_on_goal_ids/acyclic": (
        [
            ({"goals": goals(a="b", b="a", c="a")}, {frozenset("ab")}),
            ({"goals": goals(a="a")}, {frozenset("a")}),
        ],
        [
            {"goals": goals(a="bc", b="c", c="")},
            {"goals": goals(a="z", b="z")},
            {"goals": [{"id": "a", "depends_on_goal_ids": [None]}, {"id": "b", "depends_on_goal_ids": None}]},
        ],
    ),
    "0026/goals.depends_on_goal_ids/no-self-dependency": (
        [({"goals": goals(a="ba", b="")}, {("a",)})],
        [{"goals": goals(a="b", b="a")}],
    ),
    "0026/goals.depends_on_goal_ids/no-dangling": (
        [({"goals": goals(a="bz", b="")}, {("a",)})],
        [{"goals": goals(a="b", b="a")}, {"goals": [{"id": "a", "depends_on_goal_ids": [None]}]}],
    ),
    "0026/goals.depends_on_goal_ids/blocked-iff-incomplete": (
        [
            (blocked(s, o, "b"), {("a",)})
            for s in ("pending", "active", "completed", None)
            for o in ("failed", "active", None)
        ]
        + [
            (blocked("blocked", "completed", "b"), {("a",)}),
            (blocked("blocked", "active"), {("a",)}),
            (blocked("blocked", "active", None), {("a",)}),
            (blocked("active", "active", "b", "z"), {("a",)}),
            (blocked("active", "completed", "a"), {("a",)}),
        ],
        [
            blocked("blocked", "active", "b"),
            blocked("active", "completed", "b"),
            blocked("failed", "active", "b"),
            blocked("blocked", "completed", "b", "z"),
            blocked("blocked", "active", "z"),
            blocked("active", "active", "z"),
            blocked(None, "completed", "b"),
            blocked("blocked", None, "b"),
            blocked("odd", "active", "b"),
            blocked("blocked", "completed", "a"),
        ],
    ),
    "0026/goals.cascade_id/one-source": (
        [
            (
                {"goals": [{"cascade_id": "c", "source_agent_id": x} for x in ("a", "b", None)]},
                {("c",)},
            )
        ],
        [
            {"goals": [{"cascade_id": "c", "source_agent_id": x} for x in ("a", "a", None)]},
            {"goals": [{"cascade_id": None, "source_agent_id": x} for x in ("a", "b")]},
            {"goals": [{"cascade_id": x, "source_agent_id": x} for x in ("a", "b")]},
        ],
    ),
    "0026/goals.cascade_id/along-dependencies": (
        [
            (
                {
                    "goals": [
                        {"id": "a", "cascade_id": "c", "depends_on_goal_ids": ["b"]},
                        {"id": "b", "cascade_id": "d"},
                    ]
                },
                {("a",)},
            )
        ],
        [
            {"goals": [{"id": "a", "cascade_id": x, "depends_on_goal_ids": ["b", "z"]}, {"id": "b", "cascade_id": y}]}
            for x, y in (("c", "c"), (None, "c"), ("c", None))
        ],
    ),
    "0026/goals.completed_at/iff-completed": (
        [
            ({"goals": [{"id": "a", "status": s, "completed_at": t}]}, {("a",)})
            for s, t in (("completed", None), *((s, "2026-01-05T00:00:00Z") for s in ("active", "odd", None)))
        ],
        [
            {"goals": [{"id": "a", "status": s, "completed_at": t}]}
            for s, t in (("completed", "2026-01-05T00:00:00Z"), ("failed", None), (None, None))
        ],
    ),
    "0015/agents.name/no-near-duplicates": (
        [
            (agents("Ann", "ann", "bob"), {frozenset("01")}),
            (agents("ann", "ａｎｎ", "ann\u00a0", " ANN\t"), {frozenset("0123")}),
            (agents("a  b", "a\u00a0b"), {frozenset("01")}),
            (agents("file", "ﬁle"), {frozenset("01")}),
            (agents("strasse", "straße"), {frozenset("01")}),
            (agents("é", "e\u0301"), {frozenset("01")}),
            (agents("", " "), {frozenset("01")}),
            (agents("i\u0307", "İ"), {frozenset("01")}),
            (agents("ann", "ann", "Ann"), {frozenset("012")}),
        ],
        [
            agents("ann", "ann"),
            agents("ab", "a b"),
            agents("ann", "anna"),
            agents("i", "İ"),
            agents("e", "é"),
            {"agents": [{"id": "0", "name": None}, {"id": "1", "name": ""}]},
        ],
    ),
    "0024/agents.max_concurrent_goals/not-negative": (
        [({"agents": [{"id": "a", "max_concurrent_goals": -1}]}, {("a",)})],
        [{"agents": [{"id": "a", "max_concurrent_goals": n}]} for n in (0, 1, None)],
    ),
    "0024/agents.daily_token_budget/not-negative": (
        [({"agents": [{"id": "a", "daily_token_budget": -1}]}, {("a",)})],
        [{"agents": [{"id": "a", "daily_token_budget": n}]} for n in (0, 1, None)],
    ),
    "0027/agents.trust_score/in-range": (
        [
            ({"agents": [{"id": "a", "trust_score": n}]}, {("a",)})
            for n in (-0.001, 1.5, "NaN", "Infinity", "-Infinity")
        ],
        [{"agents": [{"id": "a", "trust_score": n}]} for n in (0, 1, 0.5, -0.0, None)],
    ),
    "0027/agents.tags/no-repetition": (
        [({"agents": [{"id": "a", "tags": t}]}, {("a",)}) for t in (["x", "y", "x"], [None], ["x", None], ["", ""])],
        [{"agents": [{"id": "a", "tags": t}]} for t in (["x", "X", "x "], ["x"], [""], [], None)],
    ),
    "0024/agents.allowed_tools/in-catalogue": (
        [(tools(t), {("a",)}) for t in (["x"], ["t", None], [["t"]], [1], {"t": 1}, "t", 1, True, ["T"], ["t "])],
        [tools(t) for t in (["t", "u", "t"], [], None)],
    ),
    "0024/agent_config_revisions.revision/rising": (
        [
            (revisions(("a", 2, 1), ("a", 1, 2)), {("1",)}),
            (revisions(("a", 1, 1), ("a", 1, 2)), {("1",)}),
            (revisions(("a", 3, 1), ("a", 1, 2), ("a", 2, 3), ("a", 4, 4)), {("1",), ("2",)}),
            ({"agent_config_revisions": [*FIRST, {**FIRST[0], "id": "e", "created_at": "infinity"}]}, {("e",)}),
            ({"agent_config_revisions": [*FIRST, {**FIRST[0], "id": "e", "created_at": "-infinity"}]}, {("0",)}),
        ],
        [
            revisions(("a", 1, 1), ("a", 2, 2), ("a", 5, 3)),
            revisions(("a", 2, 1), ("a", 1, 1)),
            revisions(("a", 2, 1), ("b", 1, 2)),
            revisions(("a", 2, None), ("a", 1, 2), (None, 0, 3)),
        ],
    ),
    "0024/agent_config_revisions.revision/without-gaps": (
        [(revisions(("a", 1, 1), ("a", 3, 2)), {("a",)})],
        [
            revisions(("a", 7, 1), ("a", 8, 2), ("a", 8, 3)),
            revisions(("a", 1, 1), ("b", 3, 2)),
            revisions((None, 1, 1), (None, 3, 2)),
        ],
    ),
    "0013/agent_documents.content+uri/content-or-uri": (
        [({"agent_documents": [{"id": "a", "content": None, "uri": None}]}, {("a",)})],
        [{"agent_documents": [{"id": "a", "content": ""}, {"id": "b", "uri": ""}]}],
    ),
    "0013/agent_documents.goal_id/goals-agent": (
        [
            (
                {
                    "agent_documents": [{"id": "a", "goal_id": "g", "agent_id": "x"}],
                    "goals": [{"id": "g", "agent_id": "y"}],
                },
                {("a",)},
            )
        ],
        [
            {"agent_documents": [{"id": "a", "goal_id": g, "agent_id": x}], "goals": [{"id": "g", "agent_id": y}]}
            for g, x, y in (("g", "x", "x"), ("z", "x", "y"), (None, "x", "y"), ("g", None, "y"), ("g", "x", None))
        ],
    ),
    "0028/approval_requests.approvals/well-formed": (
        [({"approval_requests": [{"id": "r", "approvals": a}]}, {R}) for a in (None, {}, "x", 1, False)]
        + [
            (request(e), {R})
            for e in (None, [], 1, [by("u")], {}, by(1), by(""), by("  "), by(None), by("u", "Approved"))
        ]
        + [(request(e), {R}) for e in (by("u", "pending"), by("u", None), {"user_id": "u", "decision": "denied"})]
        + [(request(by("u"), by("u", True)), {R})]
        + [
            (at(t), {R})
            for t in (
                None,
                1767607200,
                "",
                "yesterday",
                "2026-01-05",
                "2026-1-5T10:00",
                "2026-01-05T10",
                "2026-01-05_10:00",
                "20260105T10",
                "20260105 1000Z",
                "2026-01-05T1000",
                "2026-01-05T10:00:60.5",
                "2026-01-05T24:01",
                "2026-01-05  10:00",
                " 2026-01-05T10:00",
                "2026-01-05T10:00\n",
                "2026-01-05T10:00.5",
                "2026-01-05T10:00:00.",
                "2026-01-05T25:00",
                "2026-01-05T10:60",
                "2026-13-01T10:00",
                "2026-04-31T10:00",
                "2026-02-29T10:00",
                "2100-02-29T10:00",
                "0000-01-01T10:00",
                "12026-01-01T10:00",
                "2026-01-05T10:00+1",
                "2026-01-05T10:00 +01",
                "２０２６-01-05T10:00",
            )
        ],
        [request(), request("u+", "v-"), {"approval_requests": [{"id": "r"}]}, request(by("u", more=[None]))]
        + [
            at(t)
            for t in (
                "2026-01-05T10:00",
                "2026-01-05 10:00:00.123456789Z",
                "2026-01-05T10:00:00+05",
                "2026-01-05T10:00-0530",
                "2026-01-05 10:00:59+05:30",
                "2024-02-29T00:00Z",
                "2000-02-29T23:59:59Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59-01:00",
            )
        ],
    ),
    "0028/approval_requests.approvals/one-vote-a-user": (
        [
            (request("u+", "u-"), {R}),
            (request("u+", "v+", "u+"), {R}),
            (request(" u+", "u +"), {R}),
            (request(by(UUID), by("{" + UUID.lower().replace("-", "") + "} ")), {R}),
            (request(by("u", 1), {"user_id": "u"}), {R}),
            (request(by("u v"), by("u\u00a0v\u2060")), {R}),
        ],
        [
            request("u+", "U+"),
            request("+", " +"),
            request(by(1), by(1), by(None), {}, 1, None, ["u", "u"]),
            request(by("abc-def"), by("abcdef")),
        ],
    ),
    "0028/approval_requests.approvals/enough-approvers": (
        [
            (request(status="approved"), {R}),
            (request(status="approved", decided_by=" ", required_approvals=1), {R}),
            (request(status="approved", decided_by="\u00a0\u200b\v", required_approvals=1), {R}),
            (request(status="approved", decided_by="ann", required_approvals=2), {R}),
            (request("u+", status="approved", required_approvals=2), {R}),
            (request("u+", "v-", status="approved", required_approvals=2), {R}),
            (request("u+", " u+", status="approved", required_approvals=2), {R}),
            (request("u-", status="approved", decided_by="ann"), {R}),
            (request(by("u", "APPROVED"), status="approved"), {R}),
            (request(by(""), status="approved"), {R}),
            ({"approval_requests": [{"id": "r", "approvals": {}, "status": "approved", "decided_by": "ann"}]}, {R}),
        ],
        [
            request("u+", status="approved"),
            request("u+", status="approved", required_approvals=-3),
            request("u+", "v+", status="approved", required_approvals=2),
            request("u-", "u+", status="approved"),
            request(status="approved", decided_by="ann"),
            request(status="approved", decided_by="ann", required_approvals=1),
            request(status="approved", decided_by="ann", required_approvals=0),
            {"approval_requests": [{"id": "r", "status": "approved", "decided_by": "ann"}]},
            request(status="pending"),
            request(status=None),
            request(status="Approved"),
            request({"user_id": "u", "decision": "approved"}, status="approved"),
        ],
    ),
    "0028/approval_requests.approvals/denial-decides": (
        [
            (request("u-", status="pending"), {R}),
            (request("u-", "v+", status="approved"), {R}),
            (request("u+", "v-", "w+", status="approved", required_approvals=2), {R}),
            (request("u+", "u+", "v-", status="approved", required_approvals=2), {R}),
            (request("u+", {"decision": "denied"}, status="approved"), {R}),
            (request(by("u"), by("v", "denied", decided_at="2026-01-05T09:00:00Z"), status="approved"), {R}),
            (request(by("u"), by("v", "denied", decided_at="2026-01-05 11:00+05"), status="approved"), {R}),
            (request("u-", status="odd"), {R}),
            (request("u-", status=None), {R}),
        ],
        [
            request("u-", status="denied"),
            request("u+", "v-", status="approved"),
            request("u+", "v+", "w-", status="approved", required_approvals=2),
            request(by("u"), by("v", "denied"), status="approved"),
            request(by("v", "denied"), by("u", decided_at="2026-01-05T09:59:59.9Z"), status="approved"),
            request(by("u", decided_at=None), by("v", "denied", decided_at="no"), status="approved"),
            request(by("u", "Denied"), status="pending"),
        ],
    ),
    "0028/approval_requests.approvals/denied-by-denial": (
        [
            (request(status="denied"), {R}),
            (request(status="denied", decided_by=" "), {R}),
            (request("u+", status="denied", decided_by="ann"), {R}),
            (request("u+", "v+", status="denied", required_approvals=2), {R}),
            (request("u+", "v-", status="denied"), {R}),
            (request(by("u", "Denied"), status="denied"), {R}),
            ({"approval_requests": [{"id": "r", "approvals": {}, "status": "denied", "decided_by": "ann"}]}, {R}),
        ],
        [
            request("u-", status="denied"),
            request("u+", "v-", status="denied", required_approvals=2),
            request("v-", "u+", status="denied"),
            request("u+", by("v", "denied", decided_at="2026-01-05T09:00:00Z"), status="denied"),
            request(status="denied", decided_by="ann"),
            request(status="denied", decided_by="ann", required_approvals=2),
            {"approval_requests": [{"id": "r", "status": "denied", "decided_by": "ann"}]},
            request("u+", status="Denied"),
            request("u+", status=None),
        ],
    ),
    "0028/approval_requests.approvals/pending-below-count": (
        [
            (request("u+", status="pending"), {R}),
            (request("u+", status="pending", required_approvals=0), {R}),
            (request("u+", "v+", "w+", status="pending", required_approvals=2), {R}),
        ],
        [
            request("u+", "u+", status="pending", required_approvals=2),
            request("u+", "v-", status="pending"),
            request("u+", status="approved"),
            request(status="pending", required_approvals=0),
        ],
    ),
    "0028/approval_requests.required_approvals/at-least-one": (
        [({"approval_requests": [{"id": "r", "required_approvals": n}]}, {R}) for n in (0, -1)],
        [{"approval_requests": [{"id": "r", "required_approvals": n}]} for n in (1, 2, None)],
    ),
    "0014/approval_requests.request_type/plan-is-whole": (
        [
            ({"approval_requests": [{"id": "r", "request_type": "plan", **parts}]}, {R})
            for parts in (
                {"goal_id": "g", "graph_id": "h"},
                {"goal_id": "g", "graph_id": "h", "plan_payload": None},
                {"goal_id": "g", "plan_payload": {}},
                {"graph_id": "h", "plan_payload": {}},
            )
        ],
        [
            {
                "approval_requests": [
                    {"id": "r", "request_type": "plan", "goal_id": "g", "graph_id": "h", "plan_payload": {}}
                ]
            },
            {"approval_requests": [{"id": "r", "request_type": "risky_task"}, {"id": "s", "request_type": None}]},
        ],
    ),
    "0028/approval_requests.approvals/votes-in-time": (
        [
            (at("2026-06-01T00:00:00.000001Z"), {R}),
            (at("2026-01-05T11:00+02", requested_at="2026-01-05T10:00:00+00:00"), {R}),
            (at("2026-01-05T09:59:59.999", requested_at="2026-01-05T10:00:00+00:00"), {R}),
            (at("9999-12-31T23:59:59-01:00"), {R}),
            (request(by(1, None, decided_at="2027-01-01 00:00")), {R}),
        ],
        [
            at("2026-06-01T00:00:00Z"),
            at("2026-01-05 10:00", requested_at="2026-01-05T10:00:00+00:00"),
            at("2026-01-05T09:00-02:00", requested_at="2026-01-05T10:00:00+00:00"),
            at("2027-13-01T00:00"),
            at("0001-01-01T00:00:00+01"),
        ],
    ),
    "0018/team_memberships.user_id/members-of-org": (
        [
            (
                {
                    **MEMBERS,
                    "teams": [{"id": "t", "org_id": "n"}],
                    "team_memberships": [{"id": "m", "team_id": "t", "user_id": w}],
                },
                {("m",)},
            )
            for w in ("v", "w")
        ],
        [
            {
                **MEMBERS,
                "teams": [{"id": "t", "org_id": o}],
                "team_memberships": [{"id": "m", "team_id": t, "user_id": w}],
            }
            for o, t, w in (("n", "t", "u"), (None, "t", "w"), ("n", "z", "w"), ("n", "t", None))
        ],
    ),
    "0018/agent_admins.user_id/members-of-org": (
        [
            (
                {
                    **MEMBERS,
                    "agents": [{"id": "a", "org_id": "n"}],
                    "agent_admins": [{"id": "m", "agent_id": "a", "user_id": w}],
                },
                {("m",)},
            )
            for w in ("v", "w")
        ],
        [
            {
                **MEMBERS,
                "agents": [{"id": "a", "org_id": o}],
                "agent_admins": [{"id": "m", "agent_id": a, "user_id": w}],
            }
            for o, a, w in (("n", "a", "u"), (None, "a", "w"), ("n", "z", "w"), ("n", "a", None))
        ],
    ),
    "0018/agent_collaborators.collaborator_id/in-org": (
        [
            (
                {
                    **MEMBERS,
                    "agents": [{"id": "a", "org_id": "n"}],
                    "teams": [{"id": "t", "org_id": "s"}],
                    "agent_collaborators": [{"id": "c", "agent_id": "a", "collaborator_type": k, "collaborator_id": w}],
                },
                {("c",)},
            )
            for k, w in (("user", "v"), ("user", "t"), ("team", "t"), ("team", "u"))
        ],
        [
            {
                **MEMBERS,
                "agents": [{"id": "a", "org_id": o}],
                "teams": [{"id": "t", "org_id": "n"}],
                "agent_collaborators": [{"id": "c", "agent_id": a, "collaborator_type": k, "collaborator_id": w}],
            }
            for o, a, k, w in (
                ("n", "a", "user", "u"),
                ("n", "a", "team", "t"),
                (None, "a", "user", "v"),
                ("n", "z", "user", "v"),
                ("n", "a", "group", "v"),
                ("n", "a", None, "v"),
                ("n", "a", "user", None),
            )
        ],
    ),
    "0018/agent_collaborators.collaborator_id/no-orphan": (
        [(collaborator(k, w), {("c",)}) for k, w in (("user", "t"), ("team", "u"), ("user", "z"), ("team", "z"))],
        [
            collaborator(k, w)
            for k, w in (("user", "u"), ("team", "t"), ("group", "z"), (None, "z"), ("user", None), ("team", None))
        ],
    ),
    "0024/chat_sessions.retention_days/positive": (
        [(session(n, None), {S}) for n in (0, -1)],
        [session(n, None) for n in (1, None)],
    ),
    "0024/chat_sessions.retention_days/not-outlived": (
        [
            (session(30, "2026-05-01T23:59:59.999999Z"), {S}),
            (session(1, "2026-01-01T00:00:00Z", "2026-05-30T23:00:00Z", "2026-02-01T00:00:00Z"), {S}),
            (session(1, None, "2026-01-01T00:00:00Z"), {S}),
        ],
        [
            session(30, "2026-05-02T00:00:00Z"),
            session(1, "2026-01-01T00:00:00Z", "2026-05-31T12:00:00Z"),
            session(None, "2020-01-01T00:00:00Z"),
            session(0, "2020-01-01T00:00:00Z"),
            session(1, None, None),
        ],
    ),
    "0024/memories.expires_at/after-creation": (
        [
            ({"memories": [{"id": "m", "created_at": "2026-01-05T10:00:00Z", "expires_at": t}]}, {("m",)})
            for t in ("2026-01-05T10:00:00+00:00", "2025-01-05T10:00:00Z")
        ],
        [
            {"memories": [{"id": "m", "created_at": c, "expires_at": "2026-01-05T10:00:00.000001Z"}]}
            for c in ("2026-01-05T10:00:00Z", None)
        ],
    ),
}


def test_every_single_invariant_has_cases() -> None:
    assert set(CASES) == single_ids()


@pytest.mark.parametrize("id_", CASES)
def test_a_violation_is_seen_with_its_witnesses(id_: str) -> None:
    for world, witnesses in CASES[id_][0]:
        assert found(world).get(id_, set()) == witnesses, world


@pytest.mark.parametrize("id_", CASES)
def test_a_near_miss_is_none(id_: str) -> None:
    for world in CASES[id_][1]:
        assert id_ not in found(world), world


# --- what is judged at all ---


@pytest.mark.parametrize(
    ("profile", "through"),
    [
        ("documented", "0028"),
        ("reference", "0028"),
        ("reference", "0022"),
        ("documented", "0012"),
        ("reference", "0025"),
    ],
)
def test_the_contract_knows_the_same_families(profile: str, through: str) -> None:
    """What stands in `claims` was written by hand; the contract says it too."""
    alive = columns(profile, through)
    without_key = ("memories", "events", "llm_usage", "approval_requests", "chat_sessions")
    expected = {f"0018/{table}.org_id/no-orphan" for table in without_key if "org_id" in alive.get(table, ())}
    expected.add("0001/tasks.agent_id/no-orphan")
    if "collaborator_id" in alive.get("agent_collaborators", ()):  # which leads to two tables
        expected.add("0018/agent_collaborators.collaborator_id/no-orphan")
    requirements = [r for r in contract(profile).requirements if r.alive(through)]
    named_as = {
        "foreign-key": "no-orphan",
        "one-of": "in-values",
        "accepts": "in-values",
        "unique": "no-duplicates",
        "primary-key": "no-duplicates",
    }
    expected |= {f"{r.id.rpartition('/')[0]}/{named_as[r.claim]}" for r in requirements if r.claim in named_as}
    judged = violations({}, profile, through, NOW, alive)
    assert {id_ for id_ in judged if id_.endswith(("/no-orphan", "/in-values", "/no-duplicates"))} == expected
    for since, _, table, column, allowed in VALUES:
        for r in requirements:
            if r.claim in ("one-of", "accepts") and r.since == since and r.table == table and r.columns == (column,):
                assert set(r.spec["values"]) == allowed[profile]


def test_without_columns_nothing_is_judged() -> None:
    assert violations({}, "documented", "0028", NOW, {}) == {}
    few = {"tasks": {"id", "status"}, "goals": {"id", "org_id"}}
    assert set(violations({}, "documented", "0012", NOW, few)) == {
        "0001/goals.id/no-duplicates",
        "0001/tasks.id/no-duplicates",
        "0008/tasks.status/in-values",
    }


@pytest.mark.parametrize(("profile", "through"), [("documented", "0028"), ("reference", "0028"), ("reference", "0022")])
def test_the_small_world_is_clean(profile: str, through: str) -> None:
    world = dict(load(DATASETS / "small.json"))
    if through >= "0025":
        for table, rows in load(DATASETS / "small-0025.json").items():
            world[table] = [*world[table], *rows]
    assert {i: s for i, s in violations(world, profile, through, NOW, columns(profile, through)).items() if s} == {}


@pytest.mark.parametrize(("profile", "through"), [("documented", "0028"), ("reference", "0022")])
def test_the_columns_that_live_are_those_of_a_database(server: Server, profile: str, through: str) -> None:
    with psycopg.connect(named(server, conforming(server, profile, through))) as connection:
        real = {table: frozenset(types) for table, types in column_types(connection).items()}
    optional = {
        r.table: r.columns[0] for r in contract(profile).requirements if r.claim == "column" and r.level == "may"
    }
    assert {t: some - {optional.get(t)} for t, some in columns(profile, through).items()} == {
        t: some - {optional.get(t)} for t, some in real.items()
    }


# --- its parts ---


def test_components_and_the_shortest_cycle() -> None:
    ring = {(str(n), str((n + 1) % 5)) for n in range(5)}
    assert components(ring) == {frozenset("01234")}
    assert shortest_cycle_length(ring) == 5
    assert shortest_cycle_length(ring | {("3", "1")}) == 3
    assert shortest_cycle_length(ring | {("3", "1"), ("9", "9")}) == 1
    assert shortest_cycle_length({("a", "b"), ("b", "c"), ("a", "c")}) is None
    assert is_cycle(ring, [*"23401"])
    assert not is_cycle(ring, [*"01"])
    assert not is_cycle(ring, [])
    assert not is_cycle(ring, [*"0123401234"])


def test_moments_compare_across_zones() -> None:
    assert moment("2026-01-05T10:00:00+0530") == moment("2026-01-05 04:30")
    assert moment("2026-01-05T10:00:00-05") == moment("2026-01-05T15:00:00.000Z")
    assert moment("0001-01-01T00:00:00Z") == 0


def test_users_and_names_fold() -> None:
    assert user(by("{" + UUID + "}")) == user(by(UUID.lower())) == user(by(UUID.replace("-", "")))
    assert user(by("a\u200bnn\u00a0")) == user(by("\ufe0f ann")) == "ann"
    assert user(by("\u00a0\u3164")) is None
    assert fold("  ＡＮＮ \u3000 Lee ") == "ann lee"
