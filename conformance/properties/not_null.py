"""A row without a value is refused.

Why: who reads the column relies on the value; one NULL stops a program that never met any.

Example: `0001/agents.name/not-null`: neither an INSERT nor an UPDATE puts NULL there.

Repair: `ALTER TABLE … ALTER COLUMN … SET NOT NULL`.

Passes: a trigger that puts a value in NULL's place.

Limits: rows of before are the state plane's; here only new ones are tried.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier

CLAIM = "not-null"


def expected(requirement: Requirement) -> str:
    return f"NULL refused in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return ["insert", "update"]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    row = {**scribe.row(table, without=[column]), column: scribe.value(table, column)}
    name = identifier(column)
    kept = f"{name} AS observed, {name} IS NOT NULL AS as_documented"
    if case == "insert":
        return Experiment(
            given=tuple(scribe.given),
            control=(insert(table, row),),
            tried=insert(table, {**row, column: "NULL"}, kept),
            expects="refused",
            answers=True,
        )
    scribe.given.append(insert(table, row))
    change = f"UPDATE {identifier(table)} SET {identifier(column)} = NULL"
    tried = f"{change} WHERE {where(scribe.specimens, table, row)}\n    RETURNING {kept}"
    return Experiment(given=tuple(scribe.given), tried=tried, expects="refused", answers=True)
