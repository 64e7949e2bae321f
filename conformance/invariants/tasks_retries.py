"""A task's retries are counted from 0 to its maximum (`within`), and are spent when it is a dead letter
(`dead-letter-spent`).

Why: a failed task is queued again while `retries < max_retries`, else it becomes a dead letter (0025 adds that state).
More retries than the maximum is a loop that costs without end; a dead letter with retries left is work given up early.

Example: `0001/tasks.retries+max_retries/within`: 6 retries of 5.

Repair: a decision: raise `max_retries`, or put the task back; a CHECK refuses the next one.

Limits: retries that an operator grants by hand, by lowering the count, are not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="tasks",
        columns=("retries", "max_retries"),
        name="within",
        level="should",
        expected="0 ≤ retries ≤ max_retries",
        needs={"tasks": ("retries", "max_retries")},
        look=_within,
        breaking=tuple({"retries": n, "max_retries": most} for n, most in (("6", "5"), ("1", "0"), ("-1", "5"))),
        repair="ALTER TABLE tasks ADD CHECK (retries BETWEEN 0 AND max_retries) NOT VALID;",
    )
    yield Invariant(
        table="tasks",
        columns=("status",),
        name="dead-letter-spent",
        level="should",
        since="0025",
        expected="a dead letter has no retry left",
        needs={"tasks": ("status", "retries", "max_retries")},
        look=_spent,
        breaking=tuple({"status": "dead_letter", "retries": n, "max_retries": "5"} for n in ("0", "4")),
        repair="-- UPDATE tasks SET status = 'queued' WHERE status = 'dead_letter' AND retries < max_retries;",
    )


def _within(reading: Reading) -> Rows:
    retries, most = (reading.value("tasks", name, "number") for name in ("retries", "max_retries"))
    return reading.rows("tasks", f"{retries} < 0 OR {retries} > {most}", about=("retries", "max_retries"))


def _spent(reading: Reading) -> Rows:
    retries, most = (reading.value("tasks", name, "number") for name in ("retries", "max_retries"))
    status = reading.value("tasks", "status", "text")
    violates = f"{status} = 'dead_letter' AND {retries} < {most}"
    return reading.rows("tasks", violates, about=("status", "retries", "max_retries"))
