"""No row is without its key, no two rows have the same, and of two sessions that put in the same at once one gets
through.

Why: what refers to a row by its key means that row and no other.

Example: `0013/agent_documents.id/primary-key`.

Repair: `ALTER TABLE … ADD PRIMARY KEY (…)`.

Limits: whether other tables may refer to the key is the law of their foreign keys.
"""

from __future__ import annotations

from conformance.model import twins
from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment, Race
from conformance.model.specimen import Scribe, Specimens, insert

CLAIM = "primary-key"


def expected(requirement: Requirement) -> str:
    return f"one row a {', '.join(requirement.columns)} in {requirement.table}, and none without"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return [*twins.cases(requirement, specimens), *(f"no {name}" for name in requirement.columns)]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment | None:
    if not case.startswith("no "):
        return twins.experiment(requirement, scribe, case)
    table = requirement.table
    row = scribe.row(table, {name: scribe.value(table, name) for name in requirement.columns})
    tried = insert(table, {**row, case.removeprefix("no "): "NULL"})
    return Experiment(given=tuple(scribe.given), control=(insert(table, row),), tried=tried, expects="refused")


def doubt(requirement: Requirement, specimens: Specimens) -> str:
    return twins.doubt(requirement, specimens)


def unraced(requirement: Requirement, specimens: Specimens) -> str:
    return twins.unraced(requirement, specimens)


def remark(requirement: Requirement, specimens: Specimens) -> str:
    return twins.remark(requirement, specimens)


def race(requirement: Requirement, scribe: Scribe) -> Race:
    return twins.race(requirement, scribe)
