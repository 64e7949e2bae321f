"""The dependencies of tasks form a directed acyclic graph.

Why: each task of a cycle waits for the next one. A cycle never runs and never fails: it hangs for good, and so does the
goal behind it.

Example: `0002/task_dependencies/acyclic`: a waits for b, b waits for c, c waits for a.

How: all edges are streamed as hashes, and what can't be on a cycle is peeled off; no cycle can hide in a hash, so that
nothing left is a proof. What is left is read again by its whole ids and decided exactly. The witness is the shortest
cycle, as a path of task ids.

Repair: delete one row of each cycle; which one is a decision about the plan.

Limits: no constraint of PostgreSQL can keep a graph acyclic. Where one component is so large that not every start can
be tried, the report says that a shorter cycle may exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Graph
from conformance.model.reading import Reading, edges

TABLE, SOURCE, TARGET = "task_dependencies", "task_id", "depends_on"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="acyclic",
        level="must",
        source="the page, line 16; the documentation of the fields",
        expected="no task waits for itself, by any way",
        needs={TABLE: (SOURCE, TARGET)},
        look=_look,
        repair="-- delete one row of each cycle, such as one of the witness:\n"
        "-- DELETE FROM task_dependencies WHERE task_id = … AND depends_on = …;",
    )


def _look(reading: Reading) -> Graph:
    return edges(reading, TABLE, SOURCE, TARGET, nodes=("tasks", "id"))
