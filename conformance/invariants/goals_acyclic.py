"""The dependencies of goals, `goals.depends_on_goal_ids`, have no cycle.

Why: a goal waits for all goals that it depends on; on a cycle each waits for the next, for good. The dependencies are
an array, so that no foreign key and no constraint sees them.

Example: `0026/goals.depends_on_goal_ids/acyclic`: goal a has {b}, goal b has {a}.

How: each element of the array is an edge; then as for the dependencies of tasks.

Repair: take one id out of one array of each cycle; which one is a decision about the goals.

Limits: an element that is NULL is no edge, and one that is no goal's id can't be on a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Graph
from conformance.model.reading import Reading, edges

COLUMN = "depends_on_goal_ids"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="acyclic",
        level="must",
        expected="no goal waits for itself, by any way",
        needs={"goals": ("id", COLUMN)},
        look=_look,
        repair="-- take one id out of one array of each cycle:\n"
        "-- UPDATE goals SET depends_on_goal_ids = array_remove(depends_on_goal_ids, …) WHERE id = …;",
    )


def _look(reading: Reading) -> Graph:
    return edges(reading, "goals", "id", COLUMN)
