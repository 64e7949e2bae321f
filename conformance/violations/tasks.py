"""Tasks and what they wait for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from conformance.violations.graphs import components, task_edges
from conformance.violations.look import Look, Row, invariant, key

_EDGES = "task_dependencies.task_id task_dependencies.depends_on"
_QUEUED_OR_LATER = {"queued", "scheduled", "running", "completed", "failed", "dead_letter"}


def _dependencies(look: Look) -> list[tuple[Row, Row, Row]]:
    """Each dependency with the task that waits and the one it waits for, where both exist."""
    return [
        (row, waiting, other)
        for row in look.rows("task_dependencies")
        for waiting in look.rows_of("tasks", row.get("task_id"))
        for other in look.rows_of("tasks", row.get("depends_on"))
    ]


@invariant("0002/task_dependencies/acyclic", _EDGES)
def _tasks_acyclic(look: Look) -> Iterable[Hashable]:
    return components(task_edges({"task_dependencies": look.rows("task_dependencies")}))


@invariant("0002/task_dependencies/no-self-dependency", _EDGES)
def _no_task_on_itself(look: Look) -> Iterable[Hashable]:
    rows = look.rows("task_dependencies")
    return [
        key("task_dependencies", r)
        for r in rows
        if r.get("task_id") is not None and r["task_id"] == r.get("depends_on")
    ]


@invariant("0002/task_dependencies/one-graph", f"{_EDGES} tasks.id tasks.graph_id")
def _one_graph(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        graphs = waiting.get("graph_id"), other.get("graph_id")
        if graphs[0] != graphs[1]:
            yield key("task_dependencies", row)


@invariant("0018/task_dependencies/one-org", f"{_EDGES} tasks.id tasks.org_id")
def _one_org(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        owners = waiting.get("org_id"), other.get("org_id")
        if None not in owners and owners[0] != owners[1]:
            yield key("task_dependencies", row)


@invariant("0002/task_dependencies/dependencies-completed", f"{_EDGES} tasks.id tasks.status")
def _dependencies_completed(look: Look) -> Iterable[Hashable]:
    for row, waiting, other in _dependencies(look):
        if waiting.get("status") in _QUEUED_OR_LATER and other.get("status") != "completed":
            yield key("task_dependencies", row)


@invariant("0001/tasks.retries+max_retries/within", "tasks.id tasks.retries tasks.max_retries")
def _retries_within(look: Look) -> Iterable[Hashable]:
    for row in look.rows("tasks"):
        retries, limit = row.get("retries"), row.get("max_retries")
        if retries is not None and (retries < 0 or (limit is not None and retries > limit)):
            yield key("tasks", row)


@invariant("0025/tasks.status/dead-letter-spent", "tasks.id tasks.status tasks.retries tasks.max_retries")
def _dead_letter_spent(look: Look) -> Iterable[Hashable]:
    for row in look.rows("tasks"):
        retries, limit = row.get("retries"), row.get("max_retries")
        if row.get("status") == "dead_letter" and retries is not None and limit is not None and retries < limit:
            yield key("tasks", row)
