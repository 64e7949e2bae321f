"""Both ends of a dependency lie in one graph (`one-graph`) and are of one organization (`one-org`).

Why: all tasks of a plan share a `graph_id`; an edge that leaves the graph makes a plan wait for one that nobody shows
beside it, and deleting or retrying one graph leaves the other hanging. One that leaves the organization makes a tenant
wait for what it must not see.

Example: `0002/task_dependencies/one-graph`: the two tasks of an edge have different `graph_id`s.

Repair: a decision about the plan: delete the edge, or move the task into the graph.

Limits: an edge with an end that does not exist is an orphan, and reported there; two tasks without a graph, and one
without an organization, say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Join, Rows, Shown
from conformance.model.reading import Reading

TABLE = "task_dependencies"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="one-graph",
        level="should",
        expected="both tasks have the same graph_id",
        needs={TABLE: ("task_id", "depends_on"), "tasks": ("id", "graph_id")},
        look=_graphs,
        repair="-- delete the edge, or move one of its tasks into the other's graph: a decision about the plan",
    )
    yield Invariant(
        table=TABLE,
        name="one-org",
        level="should",
        expected="both tasks have the same org_id",
        needs={TABLE: ("task_id", "depends_on"), "tasks": ("id", "org_id")},
        look=_orgs,
        repair="-- delete the edge, or set the org_id that is wrong: a decision about the plan",
    )


def _graphs(reading: Reading) -> Rows:
    """A task in no graph is not in that of the other."""
    there = " AND ".join(f"{reading.bare('tasks', 'id', join.alias)} IS NOT NULL" for join in _ends(reading))
    return _look(reading, "graph_id", f"{there} AND {{0}} IS DISTINCT FROM {{1}}")


def _orgs(reading: Reading) -> Rows:
    return _look(reading, "org_id", "{0} <> {1}")


def _ends(reading: Reading) -> list[Join]:
    return [reading.parent(TABLE, name, "tasks") for name in ("task_id", "depends_on")]


def _look(reading: Reading, column: str, differ: str) -> Rows:
    joins = _ends(reading)
    values = [reading.value("tasks", column, "key", join.alias) for join in joins]
    also = [
        Shown(name=f"{column} of {name}", sql=reading.bare("tasks", column, join.alias))
        for name, join in zip(("task_id", "depends_on"), joins, strict=True)
    ]
    about = ("task_id", "depends_on")
    return reading.rows(TABLE, differ.format(*values), about=about, joins=joins, also=also)
