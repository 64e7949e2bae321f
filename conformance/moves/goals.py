"""Goals and what they wait for, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model import ground
from conformance.model.conduct import Call, Ref
from conformance.model.ground import id_of
from conformance.model.move import Insert, Move, Rows, Update

AREA = "goals"
_DONE = "2026-01-05T12:00:00+00:00"
STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "goals": {
        "status": ("pending", "active", "blocked", "completed", "failed"),
        "completed_at": (None, _DONE),
        "depends_on_goal_ids": ([], [id_of("g1")], [id_of("g2"), id_of("g1")], [id_of("no goal")]),
        "cascade_id": (id_of("c1"), id_of("c2")),
        "source_agent_id": (id_of("a1"), id_of("a2"), id_of("no agent")),
        "org_id": (None,),
    },
}
"""What a careless statement may set a column to."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    match call.op:
        case "create_goal":
            others = [id_of(ref.name) for ref in dict(call.args)["depends_on"]]
            made = {
                "id": id_of(call.gives[0]),
                "agent_id": id_of(call.arg("agent")),
                "goal_text": call.arg("text"),
                "status": "blocked" if _open(others, rows) else "active",
                "org_id": id_of("o1"),
                "depends_on_goal_ids": others,
            }
            yield Insert(table="goals", row=made)
        case "depend_on_goal":
            for own in _goals(rows, call.arg("goal")):
                others = list(dict.fromkeys([*(own.get("depends_on_goal_ids") or []), id_of(call.arg("depends_on"))]))
                status = "blocked" if _open(others, rows) else own.get("status")
                yield _set(own["id"], depends_on_goal_ids=others, status=status)
        case "complete_goal":
            done = id_of(call.arg("goal"))
            if any(row.get("status") != "completed" for row in _goals(rows, call.arg("goal"))):
                yield _set(done, status="completed", completed_at=_DONE)
            for row in rows.get("goals", ()):
                others = row.get("depends_on_goal_ids") or []
                if (
                    row.get("status") == "blocked"
                    and done in others
                    and not _open([o for o in others if o != done], rows)
                ):
                    yield _set(row["id"], status="active")
        case "drain_agent":
            yield Update(
                table="agents",
                key={"id": id_of(call.arg("agent"))},
                columns={"drain_mode": True, "drain_started_at": _DONE},
            )
        case "put":
            (task,) = ground.task(call.arg("task"), call.arg("goal"), "a1", "o1", status=call.arg("status"))["tasks"]
            yield Insert(
                table="tasks",
                row={name: id_of(one.name) if isinstance(one, Ref) else one for name, one in task.items()},
            )


def _goals(rows: Rows, symbol: str) -> list[Mapping[str, Any]]:
    return [row for row in rows.get("goals", ()) if row.get("id") == id_of(symbol)]


def _open(others: list[str], rows: Rows) -> bool:
    """Whether one of these goals is not completed."""
    return any(row.get("id") in others and row.get("status") != "completed" for row in rows.get("goals", ()))


def _set(goal: Any, **columns: Any) -> Move:
    return Update(table="goals", key={"id": goal}, columns=columns)
