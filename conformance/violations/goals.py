"""Goals, what they wait for, and their cascades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

from conformance.violations.graphs import components, goal_edges
from conformance.violations.look import Look, elements, invariant, key

_DEPENDING = "goals.id goals.depends_on_goal_ids"


@invariant("0026/goals.depends_on_goal_ids/acyclic", _DEPENDING)
def _goals_acyclic(look: Look) -> Iterable[Hashable]:
    return components(goal_edges({"goals": look.rows("goals")}))


@invariant("0026/goals.depends_on_goal_ids/no-self-dependency", _DEPENDING)
def _no_goal_on_itself(look: Look) -> Iterable[Hashable]:
    return [key("goals", row) for row in look.rows("goals") if row.get("id") in elements(row)]


@invariant("0026/goals.depends_on_goal_ids/no-dangling", _DEPENDING)
def _no_dangling(look: Look) -> Iterable[Hashable]:
    return [key("goals", r) for r in look.rows("goals") if any(not look.rows_of("goals", e) for e in elements(r))]


@invariant("0026/goals.depends_on_goal_ids/blocked-iff-incomplete", f"{_DEPENDING} goals.status")
def _blocked_iff_incomplete(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        found = [look.rows_of("goals", element) for element in elements(row)]
        incomplete = any(other.get("status") != "completed" for others in found for other in others)
        if incomplete:
            violated = row.get("status") in (None, "pending", "active", "completed")
        else:
            violated = all(found) and row.get("status") == "blocked"
        if violated:
            yield key("goals", row)


@invariant("0026/goals.cascade_id/one-source", "goals.cascade_id goals.source_agent_id")
def _one_source(look: Look) -> Iterable[Hashable]:
    sources = defaultdict(set)
    for row in look.rows("goals"):
        if row.get("cascade_id") is not None and row.get("source_agent_id") is not None:
            sources[row["cascade_id"]].add(row["source_agent_id"])
    return [(cascade,) for cascade, agents in sources.items() if len(agents) > 1]


@invariant("0026/goals.cascade_id/along-dependencies", f"{_DEPENDING} goals.cascade_id")
def _along_dependencies(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        others = [other.get("cascade_id") for element in elements(row) for other in look.rows_of("goals", element)]
        if row.get("cascade_id") is not None and any(other not in (None, row["cascade_id"]) for other in others):
            yield key("goals", row)


@invariant("0026/goals.depends_on_goal_ids/one-org", f"{_DEPENDING} goals.org_id")
def _goals_of_one_org(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        owners = {other.get("org_id") for element in elements(row) for other in look.rows_of("goals", element)}
        if row.get("org_id") is not None and owners - {None, row["org_id"]}:
            yield key("goals", row)


@invariant("0026/goals.completed_at/iff-completed", "goals.id goals.status goals.completed_at")
def _iff_completed(look: Look) -> Iterable[Hashable]:
    for row in look.rows("goals"):
        if (row.get("status") == "completed") != (row.get("completed_at") is not None):
            yield key("goals", row)
