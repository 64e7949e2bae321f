"""The goals of one cascade have one source (`one-source`), and depend on goals of their own cascade
(`along-dependencies`).

Why: `cascade_id` names the chain of goals that were set off together, `source_agent_id` who set it off. A chain with
two sources is two chains under one name: nobody knows whom to ask, and stopping one stops the other.

Example: `0026/goals.cascade_id/one-source`: two goals of a cascade name different agents.

Repair: a decision: give one of the chains a `cascade_id` of its own.

Limits: a goal may wait for one of another chain, so `along-dependencies` is only `may`; goals without a source, or
without a cascade, say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.goal_dependencies import among_dependencies
from conformance.model.invariant import Invariant
from conformance.model.look import OWN, Groups, Rows, Shown
from conformance.model.reading import Reading

COLUMN = "cascade_id"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="one-source",
        level="should",
        expected="the goals of a cascade name one source_agent_id",
        needs={"goals": (COLUMN, "source_agent_id", "id")},
        look=_one_source,
        repair="-- give one of the chains a cascade_id of its own: a decision about the goals",
    )
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="along-dependencies",
        level="may",
        expected="a goal depends on goals of its own cascade",
        needs={"goals": (COLUMN, "depends_on_goal_ids", "id")},
        look=_along,
    )


def _one_source(reading: Reading) -> Groups:
    source = reading.value("goals", "source_agent_id", "key")
    key = Shown(name=COLUMN, sql=reading.value("goals", COLUMN, "key"))
    having = f"pg_catalog.count(DISTINCT {source}) > 1"
    member = reading.member("goals")
    return Groups(table=reading.relation("goals"), keys=(key,), having=having, member=member, apart=source)


def _along(reading: Reading) -> Rows:
    own, other = (reading.value("goals", COLUMN, "key", alias) for alias in (OWN, "p"))
    others = Shown(name="of_other_cascades", sql=f"pg_catalog.count(*) FILTER (WHERE {other} <> {own})")
    join = among_dependencies(reading, others)
    return reading.rows("goals", f"{join.alias}.{others.name} > 0", about=(COLUMN,), joins=(join,))
