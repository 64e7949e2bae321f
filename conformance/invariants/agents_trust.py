"""An agent's `trust_score` is a fraction, from 0 to 1.

Why: whatever compares it with a threshold takes 50 for more trust than anybody has, and NaN for more than that.

Example: `0027/agents.trust_score/in-range`: 87, which someone took for per cent.

Repair: a decision: divide by 100, or set 0.5, which is what is meant where nothing is known.

Limits: none.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading

COLUMN = "trust_score"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="agents",
        columns=(COLUMN,),
        name="in-range",
        level="should",
        expected="0 ≤ trust_score ≤ 1",
        needs={"agents": (COLUMN,)},
        look=_look,
        breaking=({COLUMN: "-0.1"}, {COLUMN: "1.1"}, {COLUMN: "NaN"}),
        repair="ALTER TABLE agents ADD CHECK (trust_score BETWEEN 0 AND 1) NOT VALID;",
    )


def _look(reading: Reading) -> Rows:
    score = reading.value("agents", COLUMN, "number")
    return reading.rows("agents", f"NOT ({score} >= 0 AND {score} <= 1)", about=(COLUMN,))
