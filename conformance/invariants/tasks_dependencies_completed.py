"""A task is queued or later only when all that it depends on are completed.

Why: a task that ran before its inputs were there worked on nothing, and its result is taken for good.

Example: `0002/task_dependencies/dependencies-completed`: a running task depends on one that is still pending.

How: queued, scheduled, running, completed, failed and dead_letter all come after the queue. A task without a status is
not completed.

Repair: a decision about the plan: put the task back to pending, or mend the state of the one it depends on.

Limits: it sees how things stand, not in which order they came about.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows, Shown
from conformance.model.reading import Reading

TABLE = "task_dependencies"
QUEUED_OR_LATER = ("queued", "scheduled", "running", "completed", "failed", "dead_letter")


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        name="dependencies-completed",
        level="should",
        expected="a task that is queued or later depends on completed tasks alone",
        needs={TABLE: ("task_id", "depends_on"), "tasks": ("id", "status")},
        look=_look,
        repair="-- put the waiting task back to pending, or mend the state of the other: a decision about the plan",
    )


def _look(reading: Reading) -> Rows:
    waits, on = (reading.parent(TABLE, name, "tasks") for name in ("task_id", "depends_on"))
    own, other = (reading.value("tasks", "status", "text", join.alias) for join in (waits, on))
    later = ", ".join(f"'{status}'" for status in QUEUED_OR_LATER)
    also = (Shown(name="status of task_id", sql=own), Shown(name="status of depends_on", sql=other))
    there = f"{reading.bare('tasks', 'id', on.alias)} IS NOT NULL"  # one that is gone is an orphan
    violates = f"{own} IN ({later}) AND {there} AND {other} IS DISTINCT FROM 'completed'"
    return reading.rows(TABLE, violates, about=("task_id", "depends_on"), joins=(waits, on), also=also)
