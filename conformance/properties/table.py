"""A row of all that is documented goes in.

Why: a column more that clients must fill, or a CHECK that the documentation does not know, stops every client that
was written from the documentation, and no single column shows it.

Example: `0013/agent_documents/table`: a row with every documented column is accepted.

Repair: give the undocumented column a default, or drop the CHECK that the script runs into.

Limits: columns that refer to other tables are filled only where they have to be; the laws of foreign keys fill them.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert

CLAIM = "table"


def expected(requirement: Requirement) -> str:
    return f"a row with all that is documented goes into {requirement.table}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return ["full", "drawn"]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table = requirement.table
    specimens = scribe.specimens
    undocumented = [name for name in specimens.required(table) if name not in specimens.columns.get(table, {})]
    fixed: dict[str, str] = {}
    for name in specimens.writable(table) if case == "full" else ():
        if not specimens.refers(table, name):
            fixed[name] = scribe.value(table, name)
    row = scribe.row(table, fixed, without=undocumented, drawn=case != "full")
    return Experiment(given=tuple(scribe.given), tried=insert(table, row), expects="accepted")
