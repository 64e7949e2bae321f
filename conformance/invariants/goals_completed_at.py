"""A goal has `completed_at` if, and only if, it is completed.

Why: reports, retention and cascades go by the time of completion: a completed goal without one never counts, an open
one with one counts too early.

Example: `0026/goals.completed_at/iff-completed`: status active, completed_at set.

Repair: `UPDATE goals SET completed_at = NULL` where it is not completed; where it is, the time has to come from the
events.

Limits: goals that were completed before 0026 have no time unless somebody gave them one: they are reported too.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="goals",
        columns=("completed_at",),
        name="iff-completed",
        level="should",
        expected="completed_at is there if, and only if, the goal is completed",
        needs={"goals": ("status", "completed_at")},
        look=_look,
        breaking=(
            {"status": "active", "completed_at": "2020-01-01 00:00:00+00"},
            {"status": None, "completed_at": "2020-01-01 00:00:00+00"},
            {"status": "completed", "completed_at": None},
        ),
        repair="UPDATE goals SET completed_at = NULL\n"
        "WHERE status IS DISTINCT FROM 'completed' AND completed_at IS NOT NULL;\n"
        "-- where it is completed and has no time, the events know it",
    )


def _look(reading: Reading) -> Rows:
    status, at = reading.value("goals", "status", "text"), reading.bare("goals", "completed_at")
    completed = f"({status} IS NOT DISTINCT FROM 'completed')"  # without a status it is not
    return reading.rows("goals", f"{completed} <> ({at} IS NOT NULL)", about=("status", "completed_at"))
