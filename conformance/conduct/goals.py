"""Goals: what each waits for, and when it is completed."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Ref, Scene
from conformance.model.ground import call, refs
from conformance.oracles.goals import Goals

AREA = "goals"
GIVEN = "organization o1 and its agents a1 and a2"
GROUND = ground.together(ground.orgs("o1"), ground.agents("a1", "a2", org="o1"))
OPERATIONS = ("create_goal", "depend_on_goal", "complete_goal", "drain_agent", "put")
TABLES = frozenset({"goals"})
STEPS = 10
QUERIES = (
    Query(
        noun="goal",
        sql="""
SELECT g.id, CASE g.status WHEN 'pending' THEN 'active' ELSE g.status END AS status,
       ARRAY(SELECT DISTINCT w.id FROM unnest(g.depends_on_goal_ids) AS w (id)) AS "waits for",
       CASE WHEN g.completed_at < g.created_at - interval '1 minute' THEN 'before it was made'
            WHEN g.completed_at > clock_timestamp() + interval '1 minute' THEN 'in the future'
            WHEN g.completed_at IS NOT NULL THEN 'set' END AS completed_at
FROM goals AS g""",
    ),
    Query(noun="task", sql="SELECT t.id, t.status FROM tasks AS t"),
)

_CREATE = frozenset({"create_goal"})
ACYCLIC = Law(
    id="goals/acyclic",
    level="must",
    since="0026",
    expected="a goal that would wait for itself, by any way, is refused to",
    needs=frozenset({"create_goal", "depend_on_goal"}),
    papers="""No goal waits for itself, by any way: who would close a cycle in `depends_on_goal_ids` is refused.

Why: a cycle never completes and never fails; and an array has no foreign key that could guard it.

Example: g2 depends on g1; that g1 depends on g2 is refused.

Repair: before the id is added, look with a recursive query whether the goal is reached from it, one writer at a
time.""",
)
BLOCKED = Law(
    id="goals/blocked",
    level="should",
    since="0026",
    expected="blocked while one that it depends on is not completed, active once the last one is",
    needs=_CREATE,
    papers="""A goal with an incomplete one among those that it depends on is blocked, does not complete, and
becomes active when the last of them completes, whichever agent's it is. An id that is no goal's is refused.

Why: what is never unblocked never runs, and nobody is told.

Example: g2 depends on g1 and is blocked; g1 completes, g2 is active.

Repair: in the transaction that completes a goal, update those that wait for it and for nothing else.""",
)
COMPLETES = Law(
    id="goals/completes",
    level="should",
    since="0026",
    expected="a goal of which nothing is left completes, with completed_at",
    needs=frozenset({"create_goal", "complete_goal"}),
    papers="""`complete_goal` sets the state and `completed_at`, which belongs to completed goals alone, and is the
time at which that was, to the minute.

Why: durations and retention are counted from it.

Example: g1 has no task; it completes, and has a `completed_at`.

Repair: set both in one statement, and take the time from the server: a client's may be of another zone.""",
)
TASKS_FIRST = Law(
    id="goals/tasks-first",
    level="should",
    since="0001",
    expected="no goal completes before its tasks",
    needs=frozenset({"create_goal", "complete_goal"}),
    papers="""A goal is planned into tasks: it does not complete while one of them is not completed.

Why: what waits for the goal would start on work that is not done.

Example: a task of g1 is pending: g1 does not complete.

Repair: count the tasks that are not completed, with the goal locked.""",
)
DRAINED = Law(
    id="goals/drained",
    level="should",
    since="0024",
    expected="a draining agent accepts no new goal, and others do",
    needs=frozenset({"create_goal", "drain_agent"}),
    papers="""An agent in `drain_mode` accepts no new goal; those that it has go on.

Why: it is drained so that it can be stopped.

Example: a1 is drained; a goal for it is refused.

Repair: look at `drain_mode` with the agent locked, before the goal is added.""",
)
ACCEPTS = Law(
    id="goals/accepts",
    level="must",
    since="0026",
    expected="what is documented is accepted",
    needs=_CREATE,
    papers="""Goals and dependencies that the documentation allows are accepted, and no call ends in an error.

Why: an implementation that refuses everything breaks no other law.

Example: a goal that depends on two.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="goals/invariants",
    level="must",
    since="0026",
    expected="every invariant of the rows holds after every call",
    needs=_CREATE,
    way="invariants",
    papers="""The invariants of `conformance audit` that are about goals hold after every call.

Why: what one version writes, all later ones read.

Example: `0026/goals.completed_at/iff-completed`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
AT_ONCE = Law(
    id="goals/at-once",
    level="must",
    since="0026",
    expected="two calls at once end as one after the other would",
    needs=frozenset({"create_goal", "depend_on_goal"}),
    way="race",
    papers="""Two calls on goals that hang on each other end as one after the other would, whatever the sessions do
between each other's statements.

Why: two dependencies close a cycle from its two sides; a goal is completed while another starts to wait for it.

Example: g1 waits for g2 in one session, g2 for g1 in another: one of them is refused.

Repair: one lock for all that changes what goals wait for, taken before the look and held until the commit.""",
)
KILLED = Law(
    id="goals/killed",
    level="should",
    since="0026",
    expected="a session that ends between two statements leaves nothing half done",
    needs=frozenset({"create_goal", "complete_goal"}),
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: a goal that was completed, and whose dependents stayed blocked, blocks them for good.

Example: killed between the completion and the unblocking.

Repair: one transaction a call.""",
)


def model() -> Goals:
    """No goal yet."""
    return Goals()


def put(call: Call) -> Put:
    """A task of a goal."""
    args = dict(call.args)
    rows = ground.task(args["task"].name, args["goal"].name, "a1", "o1", status=args["status"])
    return Put(rows=rows)


def scenes() -> Sequence[Scene]:
    """Dependencies and completions at once, and completions that are interrupted."""
    g1, g2 = refs("g1", "g2")

    def goal(name: str, *others: Ref) -> Call:
        return call("create_goal", agent=Ref(name="a1"), text=name, depends_on=others, gives=name)

    def edge(one: Ref, other: Ref) -> Call:
        return call("depend_on_goal", goal=one, depends_on=other)

    def done(one: Ref) -> Call:
        return call("complete_goal", goal=one)

    skew = "write skew: neither session sees what the other changes, and both changes together are what each refuses"
    two, three = (goal("g1"), goal("g2")), (goal("g1"), goal("g2"), goal("g3", g1, g2))
    return (
        Scene(law=AT_ONCE, given=two, first=edge(g1, g2), second=edge(g2, g1), anomaly=skew),
        Scene(law=AT_ONCE, given=two, first=done(g1), second=edge(g2, g1), anomaly=skew),
        Scene(law=AT_ONCE, given=three, first=done(g1), second=done(g2), anomaly=skew),
        Scene(law=KILLED, given=(goal("g1"), goal("g2", g1)), first=done(g1)),
        Scene(law=KILLED, given=two, first=edge(g2, g1)),
        Scene(law=KILLED, given=two, first=goal("g3", g1, g2)),
    )
