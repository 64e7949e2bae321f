"""An agent's quotas, `max_concurrent_goals` and `daily_token_budget`, are not negative.

Why: a negative quota is below every use: the agent can never start anything, or, where the difference is taken, always.

Example: `0024/agents.daily_token_budget/not-negative`: -1, which someone took for "no limit".

Repair: NULL where no limit is meant; a CHECK refuses the next one.

Limits: NULL is no quota, and 0 a quota of nothing: both are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading


def invariants(contract: Contract) -> Iterator[Invariant]:
    for column in ("max_concurrent_goals", "daily_token_budget"):
        yield Invariant(
            table="agents",
            columns=(column,),
            name="not-negative",
            level="should",
            expected=f"{column} ≥ 0",
            needs={"agents": (column,)},
            look=partial(_look, column=column),
            breaking=({column: "-1"}, {column: "-1000"}),
            repair=f"UPDATE agents SET {column} = NULL WHERE {column} < 0;  -- where no limit is meant\n"
            f"ALTER TABLE agents ADD CHECK ({column} >= 0) NOT VALID;",
        )


def _look(reading: Reading, *, column: str) -> Rows:
    return reading.rows("agents", f"{reading.value('agents', column, 'number')} < 0", about=(column,))
