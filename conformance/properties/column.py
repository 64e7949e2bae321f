"""A client can write the column.

Why: a column that is generated, or that a view computes, is there for who reads and closed for who writes.

Example: `0024/agents.priority/column`: an INSERT may name it.

Repair: make the column a plain one: `ALTER TABLE … ALTER COLUMN … DROP EXPRESSION`, or `DROP IDENTITY`.

Limits: what comes back is the law of its type.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert

CLAIM = "column"


def expected(requirement: Requirement) -> str:
    return f"a client can write {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return [""]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    control = scribe.row(table, without=[column]) if column not in scribe.specimens.required(table) else None
    row = {**(control or scribe.row(table)), column: scribe.value(table, column)}
    return Experiment(
        given=tuple(scribe.given),
        control=(insert(table, control),) if control is not None else (),
        tried=insert(table, row),
        expects="accepted",
    )
