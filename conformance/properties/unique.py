"""A second row of the same key is refused, and rows of different keys are not; of two sessions that put in the same
at once, one gets through.

Why: two agents of one name are one agent to whoever calls it by name.

Example: `0015/agents.name/unique`: a second agent of a name is refused, one whose name differs in case alone is not.

Repair: `ALTER TABLE … ADD CONSTRAINT … UNIQUE (…)`.

Limits: keys are drawn without NULLs; rows with NULL in their key are not asked about. Where the
column's collation folds, nor are texts that differ in case or in a blank, and a note says so.
"""

from __future__ import annotations

from conformance.model import twins
from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment, Race
from conformance.model.specimen import Scribe, Specimens

CLAIM = "unique"


def expected(requirement: Requirement) -> str:
    return f"one row a {', '.join(requirement.columns)} in {requirement.table}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return twins.cases(requirement, specimens)


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment | None:
    return twins.experiment(requirement, scribe, case)


def doubt(requirement: Requirement, specimens: Specimens) -> str:
    return twins.doubt(requirement, specimens)


def unraced(requirement: Requirement, specimens: Specimens) -> str:
    return twins.unraced(requirement, specimens)


def remark(requirement: Requirement, specimens: Specimens) -> str:
    return twins.remark(requirement, specimens)


def race(requirement: Requirement, scribe: Scribe) -> Race:
    return twins.race(requirement, scribe)
