"""Tasks and what they wait for, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.conduct import Call
from conformance.model.ground import id_of
from conformance.model.move import Insert, Move, Rows, Update

AREA = "tasks"
MOST_RETRIES = 2
STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "tasks": {
        "status": ("pending", "queued", "completed", "failed", "dead_letter"),
        "retries": (0, 3, -1),
        "max_retries": (0,),
        "graph_id": (id_of("another graph"),),
        "goal_id": (None, id_of("no goal")),
        "org_id": (None,),
    },
    "task_dependencies": {"depends_on": (id_of("t1"), id_of("t2"), id_of("no task"))},
    "goals": {"agent_id": (id_of("no agent"),)},
}
"""What a careless statement may set a column to: beside the calls, these break what no constraint keeps."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    match call.op:
        case "plan":
            for name in call.gives:
                yield Insert(table="tasks", row=_task(call, name))
            for later, earlier in call.arg("edges"):
                yield _edge(call.gives[later], call.gives[earlier])
        case "add_dependency":
            yield _edge(call.arg("task"), call.arg("depends_on"))
        case "transition":
            yield _set(call.arg("task"), status=call.arg("to"))
        case "retry":
            for row in rows.get("tasks", ()):
                if row.get("id") == id_of(call.arg("task")):
                    retries = row.get("retries") or 0
                    spent = retries >= (row.get("max_retries") or 0)
                    status = "dead_letter" if spent else "queued"
                    yield _set(call.arg("task"), status=status, retries=retries + (not spent))
        case "take" if value is not None:
            yield _set(value, status="scheduled", worker_id=id_of(call.arg("worker")))
        case "put":
            by = {"worker_id": id_of(call.arg("worker"))} if "worker" in dict(call.args) else {}
            yield _set(call.arg("task"), status=call.arg("status"), retries=call.arg("retries"), **by)


def _task(call: Call, name: str) -> Mapping[str, Any]:
    return {
        "id": id_of(name),
        "graph_id": id_of(f"graph of {call.gives[0]}"),
        "goal_id": id_of(call.arg("goal")),
        "agent_id": id_of("a1"),
        "org_id": id_of("o1"),
        "type": "work",
        "status": "created",
        "retries": 0,
        "max_retries": MOST_RETRIES,
    }


def _edge(task: str, other: str) -> Move:
    return Insert(table="task_dependencies", row={"task_id": id_of(task), "depends_on": id_of(other)})


def _set(task: str, **columns: Any) -> Move:
    return Update(table="tasks", key={"id": id_of(task)}, columns=columns)
