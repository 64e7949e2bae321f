"""A row without a value goes in.

Why: a client that has nothing to say yet is documented to say NULL; NOT NULL turns it away.

Example: `0001/agents.config/nullable`: NULL is accepted.

Repair: `ALTER TABLE … ALTER COLUMN … DROP NOT NULL`, or drop the CHECK that asks for a value.

Limits: the column is filled in the row that is compared, so a CHECK that wants NULL elsewhere is not found here.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier

CLAIM = "nullable"


def expected(requirement: Requirement) -> str:
    return f"NULL accepted in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return ["insert", "update"]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    row = {**scribe.row(table, without=[column]), column: scribe.value(table, column)}
    if case == "insert":
        tried = insert(table, {**row, column: "NULL"})
        return Experiment(given=tuple(scribe.given), control=(insert(table, row),), tried=tried, expects="accepted")
    scribe.given.append(insert(table, row))
    change = f"UPDATE {identifier(table)} SET {identifier(column)} = NULL"
    tried = f"{change} WHERE {where(scribe.specimens, table, row)}"
    return Experiment(given=tuple(scribe.given), tried=tried, expects="accepted")
