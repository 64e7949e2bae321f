"""A document of an agent holds its content or a way to it (`content-or-uri`), and one that counts for a goal is its
agent's (`goals-agent`).

Why: a document with neither is a rule that nobody can read. One that names a goal counts for that goal only: if the
goal is another agent's, it never counts, or shows one agent's papers to another.

Example: `0013/agent_documents.content+uri/content-or-uri`: both are NULL.

Repair: a decision: mend or delete the document.

Limits: an empty content is a content; whether a uri leads anywhere is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.kept_rows import keeper
from conformance.model.look import Rows, Shown
from conformance.model.reading import Reading

TABLE = "agent_documents"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=("content", "uri"),
        name="content-or-uri",
        level="should",
        expected="content or uri is there",
        needs={TABLE: ("content", "uri")},
        look=_either,
        breaking=({"content": None, "uri": None},),
        repair="ALTER TABLE agent_documents ADD CHECK (content IS NOT NULL OR uri IS NOT NULL) NOT VALID;",
    )
    yield Invariant(
        table=TABLE,
        columns=("goal_id",),
        name="goals-agent",
        level="should",
        expected="the goal is the document's agent's",
        needs={TABLE: ("goal_id", "agent_id"), "goals": ("id", "agent_id")},
        look=_goals_agent,
        enforcer=lambda reading: keeper(reading, TABLE, "goals", {"goal_id": "id", "agent_id": "agent_id"}),
        repair="-- UPDATE agent_documents SET goal_id = NULL, or give it to the goal's agent: a decision",
    )


def _either(reading: Reading) -> Rows:
    content, uri = (reading.bare(TABLE, name) for name in ("content", "uri"))
    return reading.rows(TABLE, f"{content} IS NULL AND {uri} IS NULL")


def _goals_agent(reading: Reading) -> Rows:
    goal = reading.parent(TABLE, "goal_id", "goals")
    reading.alike((TABLE, "agent_id"), ("goals", "agent_id"))
    own, other = reading.value(TABLE, "agent_id", "key"), reading.value("goals", "agent_id", "key", goal.alias)
    also = (Shown(name="the goal's agent_id", sql=reading.bare("goals", "agent_id", goal.alias)),)
    return reading.rows(TABLE, f"{own} <> {other}", about=("goal_id", "agent_id"), joins=(goal,), also=also)
