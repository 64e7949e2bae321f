"""Tasks: the graph that a goal is planned into, the states of each, retries, and the workers who take them."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import ground
from conformance.model.conduct import Call, Law, Put, Query, Ref, Scene
from conformance.model.ground import call, refs
from conformance.oracles.tasks import MAX_RETRIES, Tasks

AREA = "tasks"
GIVEN = "organization o1, its agent a1, goals g1 and g2 of it, workers w1 and w2"
GROUND = ground.together(
    ground.orgs("o1"),
    ground.agents("a1", org="o1"),
    ground.goals("g1", "g2", agent="a1", org="o1"),
    ground.workers("w1", "w2", org="o1"),
)
OPERATIONS = ("plan", "add_dependency", "transition", "retry", "take", "put")
TABLES = frozenset({"tasks", "task_dependencies"})
STEPS = 12
QUERIES = (
    Query(
        noun="task",
        sql="""
SELECT t.id, t.status, t.retries::text AS retries, t.goal_id AS goal,
       CASE WHEN t.status IN ('scheduled', 'running') THEN t.worker_id END AS worker,
       ARRAY(SELECT d.depends_on FROM task_dependencies AS d WHERE d.task_id = t.id) AS "waits for",
       ARRAY(SELECT o.id FROM tasks AS o WHERE o.graph_id = t.graph_id) AS graph
FROM tasks AS t""",
    ),
)
_PLAN = frozenset({"plan"})
STATE_TABLE = Law(
    id="tasks/state-table",
    level="should",
    since="0025",
    expected="no move but those of the state table",
    needs=_PLAN | {"transition"},
    papers="""created → pending → queued → scheduled → running → completed or failed, and failed → queued or
dead_letter by a retry. No other move is valid.

Why: a task that is completed without having run tells those that wait for it a lie.

Example: a created task does not become completed.

Repair: `UPDATE tasks SET status = … WHERE id = … AND status = …` with the state before, and a look at how many
rows.""",
)
WAITS = Law(
    id="tasks/waits",
    level="should",
    since="0002",
    expected="no task is queued while one that it depends on is not completed",
    needs=frozenset({"plan", "transition"}),
    papers="""A task may be queued only when all that it depends on are completed.

Why: it would run on what is not there yet.

Example: t2 waits for t1, which runs: t2 is not queued.

Repair: count the dependencies that are not completed in the statement that queues.""",
)
RETRIES = Law(
    id="tasks/retries",
    level="should",
    since="0025",
    expected="a failed task is queued again while retries are left, each counted, and then a dead letter",
    needs=_PLAN | {"retry"},
    papers="""failed → queued while `retries < max_retries`, which counts one retry; else failed → dead_letter.

Why: a task that is retried for ever costs for ever.

Example: a failed task with 2 of 2 retries becomes a dead letter.

Repair: decide in the statement that counts: `CASE WHEN retries < max_retries …`.""",
)
ACYCLIC = Law(
    id="tasks/acyclic",
    level="must",
    since="0002",
    expected="a dependency that closes a cycle is refused",
    needs=_PLAN,
    papers="""The dependencies of tasks form a directed acyclic graph: a plan with a cycle and a dependency that
closes one are refused, and a task does not wait for itself.

Why: a cycle never runs and never fails: it hangs for good.

Example: t2 waits for t1; that t1 waits for t2 is refused.

Repair: before the row is added, look with a recursive query whether `task_id` is reached from `depends_on`.""",
)
ONE_GRAPH = Law(
    id="tasks/one-graph",
    level="should",
    since="0002",
    expected="a dependency across graphs is refused, and the tasks of a plan share one",
    needs=_PLAN,
    papers="""All tasks of one plan share `graph_id`, and both ends of a dependency lie in one graph.

Why: what is planned, shown and cancelled together would wait for something else.

Example: a task of g1 does not wait for one of g2.

Repair: compare both `graph_id` before the row is added.""",
)
TAKEN = Law(
    id="tasks/taken",
    level="should",
    since="0010",
    expected="a worker takes a queued task, which is scheduled and his, or none where there is none",
    needs=_PLAN | {"take"},
    papers="""`take` gives a queued task, which is then scheduled with this worker; where none is queued, none.

Why: a task that a worker was given and is not his is run twice, or not at all.

Example: of one queued and one running task the queued one is taken.

Repair: `UPDATE … WHERE id = (SELECT … WHERE status = 'queued' … FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id`.""",
)
ACCEPTS = Law(
    id="tasks/accepts",
    level="must",
    since="0002",
    expected="what is documented is accepted",
    needs=_PLAN,
    papers="""Plans, dependencies and moves that the documentation allows are accepted, and no call ends in an
error.

Why: an implementation that refuses everything breaks no other law.

Example: a plan of three tasks in a row.

Repair: as the message says.""",
)
INVARIANTS = Law(
    id="tasks/invariants",
    level="must",
    since="0002",
    expected="every invariant of the rows holds after every call",
    needs=_PLAN,
    way="invariants",
    papers="""The invariants of `conformance audit` that are about tasks and their dependencies hold after every call.

Why: what one version writes, all later ones read.

Example: `0002/task_dependencies/acyclic`.

Repair: as that of the invariant, which `conformance explain` prints.""",
)
EDGES_AT_ONCE = Law(
    id="tasks/edges-at-once",
    level="must",
    since="0002",
    expected="two dependencies at once end as one after the other would",
    needs=frozenset({"plan", "add_dependency"}),
    way="race",
    papers="""Two dependencies that close a cycle from its two sides are not both accepted, whatever the sessions do
between each other's statements.

Why: each looks for the other's row before it is there, finds no cycle, and adds half of one.

Example: t1 waits for t2 in one session, t2 for t1 in another: one of them is refused.

Repair: one lock a graph before the look, such as `pg_advisory_xact_lock(hashtext(graph_id))`, held until the
commit.""",
)
TAKEN_ONCE = Law(
    id="tasks/taken-once",
    level="must",
    since="0010",
    expected="two workers at once end as one after the other would",
    needs=_PLAN | {"take"},
    way="race",
    papers="""Two workers do not both take a task, whatever the sessions do between each other's statements.

Why: it would be run twice.

Example: w1 and w2 take at once where one task is queued: one of them gets it.

Repair: `FOR UPDATE SKIP LOCKED` in the SELECT that chooses the task.""",
)
MOVES_AT_ONCE = Law(
    id="tasks/moves-at-once",
    level="should",
    since="0025",
    expected="two moves at once end as one after the other would",
    needs=_PLAN | {"transition"},
    way="race",
    papers="""Two sessions that move one task end as one after the other would: a move that is valid from the state
before is not made from the state after, and no task is queued while another session has it wait for one.

Why: a task that has failed would be completed by who has not noticed.

Example: running → completed and running → failed at once: one of them is refused.

Repair: name the state before in the UPDATE that moves, and lock the task while a dependency is added.""",
)
KILLED = Law(
    id="tasks/killed",
    level="should",
    since="0002",
    expected="a session that ends between two statements leaves nothing half done",
    needs=_PLAN,
    way="crash",
    papers="""The session is ended before each of the statements of a call: every invariant holds, and the call,
repeated, ends as if nothing had been.

Why: half a plan looks like a whole one, and runs.

Example: killed between the tasks of a plan and their dependencies.

Repair: one transaction a call.""",
)


def model() -> Tasks:
    """No task yet."""
    return Tasks()


def put(call: Call) -> Put:
    """A task in a state, with so many retries of the 2 that it may have."""
    args = dict(call.args)
    columns = {"status": args["status"], "retries": args["retries"], "max_retries": MAX_RETRIES}
    by = {"worker_id": args["worker"]} if "worker" in args else {}
    return Put(table="tasks", id=args["task"], columns={**columns, **by})


def scenes() -> Sequence[Scene]:
    """Edges, workers and moves at once, and calls that are interrupted."""
    t1, t2, t3, g1 = refs("t1", "t2", "t3", "g1")
    w1, w2 = refs("w1", "w2")

    def planned(n: int, *edges: tuple[int, int]) -> Call:
        return call("plan", goal=g1, tasks=n, edges=edges, gives=[f"t{place + 1}" for place in range(n)])

    def edge(task: Ref, other: Ref) -> Call:
        return call("add_dependency", task=task, depends_on=other)

    def is_(task: Ref, status: str, retries: int = 0) -> Call:
        return call("put", task=task, status=status, retries=retries)

    skew = "write skew over phantoms: neither session sees the row that the other adds, and both rows make the cycle"
    twice = "a lost update: both sessions chose the task while it was queued, and the second took it from the first"
    moved = "a lost update: both sessions moved the task from the state that they had read"
    late = "write skew: one session queues the task, and the other has it wait, and neither sees what the other does"
    done, failed = call("transition", task=t1, to="completed"), call("transition", task=t1, to="failed")
    return (
        Scene(law=EDGES_AT_ONCE, given=(planned(2),), first=edge(t1, t2), second=edge(t2, t1), anomaly=skew),
        Scene(law=EDGES_AT_ONCE, given=(planned(3, (1, 0)),), first=edge(t1, t3), second=edge(t3, t2), anomaly=skew),
        Scene(
            law=TAKEN_ONCE,
            given=(planned(1), is_(t1, "queued")),
            first=call("take", worker=w1),
            second=call("take", worker=w2),
            anomaly=twice,
        ),
        Scene(
            law=TAKEN_ONCE,
            given=(planned(2), is_(t1, "queued"), is_(t2, "queued")),
            first=call("take", worker=w1),
            second=call("take", worker=w2),
            anomaly=twice,
        ),
        Scene(law=MOVES_AT_ONCE, given=(planned(1), is_(t1, "running")), first=done, second=failed, anomaly=moved),
        Scene(
            law=MOVES_AT_ONCE,
            given=(planned(1), is_(t1, "failed", 1)),
            first=call("retry", task=t1),
            second=call("retry", task=t1),
            anomaly=moved,
        ),
        Scene(
            law=MOVES_AT_ONCE,
            given=(planned(2), is_(t1, "pending")),
            first=call("transition", task=t1, to="queued"),
            second=edge(t1, t2),
            anomaly=late,
        ),
        Scene(law=KILLED, given=(), first=planned(3, (1, 0), (2, 1))),
        Scene(law=KILLED, given=(planned(2),), first=edge(t1, t2)),
        Scene(law=KILLED, given=(planned(1), is_(t1, "queued")), first=call("take", worker=w1)),
        Scene(law=KILLED, given=(planned(1), is_(t1, "failed", 1)), first=call("retry", task=t1)),
        Scene(law=KILLED, given=(planned(1), is_(t1, "running")), first=done),
    )
