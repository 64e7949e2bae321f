"""Agents, their names and configurations, as plain statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.conduct import Call
from conformance.model.ground import id_of
from conformance.model.move import Delete, Insert, Move, Rows, Update

AREA = "agents"
STRAYS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "agents": {
        "name": ("Ann", "ann ", "Bob"),
        "trust_score": (2, 1),
        "max_concurrent_goals": (-1, 1),
        "daily_token_budget": (-1,),
        "allowed_tools": (["no tool"], []),
        "status": ("active", "asleep"),
        "org_id": (id_of("o1"), id_of("o2"), id_of("no organization")),
    },
    "agent_config_revisions": {"revision": (1, 2, 7), "created_at": ("2020-01-01T00:00:00+00:00",)},
    "goals": {"agent_id": (id_of("a1"), id_of("a2"))},
}
"""What a careless statement may set a column to."""


def moves(call: Call, value: Any, rows: Rows) -> Iterator[Move]:
    """What a call does to the rows; `value` is what it gives."""
    if call.op == "create_agent":
        row = {"id": id_of(call.gives[0]), "org_id": id_of(call.arg("org")), "name": call.arg("name")}
        yield Insert(table="agents", row=row)
        return
    agent = id_of(call.arg("agent"))
    match call.op:
        case "rename_agent":
            yield Update(table="agents", key={"id": agent}, columns={"name": call.arg("name")})
        case "configure_agent":
            config = call.arg("config")
            row = {"agent_id": agent, "revision": value, "payload": config}
            yield Insert(table="agent_config_revisions", row=row)
            yield Update(table="agents", key={"id": agent}, columns={"active_config_revision": value, "config": config})
        case "delete_agent":
            yield Delete(table="tasks", key={"agent_id": agent})
            yield Delete(table="agents", key={"id": agent})
        case "put":
            goal, org = id_of(call.arg("goal")), _org(rows, agent)
            row = {"id": goal, "agent_id": agent, "goal_text": "x", "status": "active", "org_id": org}
            yield Insert(table="goals", row=row)
            task = {"id": id_of(call.arg("task")), "graph_id": goal, "goal_id": goal, "agent_id": agent, "org_id": org}
            yield Insert(table="tasks", row={**task, "type": "work"})


def _org(rows: Rows, agent: str) -> Any:
    return next((row.get("org_id") for row in rows.get("agents", ()) if row.get("id") == agent), None)
