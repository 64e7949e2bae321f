"""Both ends of a dependency lie in one graph (`one-graph`) and are of one organization (`one-org`).

Why: all tasks of a plan share a `graph_id`; an edge that leaves the graph makes a plan wait for one that nobody shows
beside it, and deleting or retrying one graph leaves the other hanging. One that leaves the organization makes a tenant
wait for what it must not see.

Example: `0002/task_dependencies/one-graph`: the two tasks of an edge have different `graph_id`s.

Repair: a decision about the plan: delete the edge, or move the task into the graph.

Limits: an edge with an end that does not exist is an orphan, and reported there; a task without an organization says
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows, Shown
from conformance.model.reading import Reading

TABLE = "task_dependencies"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="one-graph",
        level="should",
        expected="both tasks have the same graph_id",
        needs={TABLE: ("task_id", "depends_on"), "tasks": ("id", "graph_id")},
        look=partial(_look, column="graph_id"),
        repair="-- delete the edge, or move one of its tasks into the other's graph: a decision about the plan",
    )
    yield Invariant(
        table=TABLE,
        name="one-org",
        level="should",
        expected="both tasks have the same org_id",
        needs={TABLE: ("task_id", "depends_on"), "tasks": ("id", "org_id")},
        look=partial(_look, column="org_id"),
        repair="-- delete the edge, or set the org_id that is wrong: a decision about the plan",
    )


def _look(reading: Reading, *, column: str) -> Rows:
    waits, on = (reading.parent(TABLE, name, "tasks") for name in ("task_id", "depends_on"))
    ends = [reading.value("tasks", column, "key", join.alias) for join in (waits, on)]
    also = [
        Shown(name=f"{column} of {name}", sql=reading.bare("tasks", column, join.alias))
        for name, join in (("task_id", waits), ("depends_on", on))
    ]
    about = ("task_id", "depends_on")
    return reading.rows(TABLE, f"{ends[0]} <> {ends[1]}", about=about, joins=(waits, on), also=also)
