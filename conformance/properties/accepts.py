"""Every documented value goes in, and stands there as it was given.

Why: a client that sets a documented state and is refused has met a schema that is narrower than its documentation.

Example: `0013/agent_documents.doc_type/accepts`: `rule`, `skill`, `context_doc` and `reference` are accepted, whatever
else stands in the row.

Repair: widen the CHECK, the enum or the lookup table that refuses the value.

Limits: all values are tried; the rest of the row is drawn.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier, literal

CLAIM = "accepts"


def expected(requirement: Requirement) -> str:
    return f"{', '.join(requirement.spec['values'])} accepted in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, str]]:
    values: list[str] = list(requirement.spec["values"])
    return [(value, "insert") for value in values] + [(value, "update") for value in values]


def experiment(requirement: Requirement, scribe: Scribe, case: tuple[str, str]) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    value, how = case
    row = {**scribe.row(table), column: literal(value)}
    kept = f"{identifier(column)} AS observed, CAST({identifier(column)} AS text) = {literal(value)} AS as_documented"
    if how == "insert":
        free = column not in scribe.specimens.required(table)
        control = {name: written for name, written in row.items() if name != column}
        return Experiment(
            given=tuple(scribe.given),
            control=(insert(table, control),) if free else (),
            tried=insert(table, row, kept),
            expects="accepted",
            answers=True,
        )
    row[column] = literal(requirement.spec["values"][0])
    scribe.given.append(insert(table, row))
    change = f"UPDATE {identifier(table)} SET {identifier(column)} = {literal(value)}"
    return Experiment(
        given=tuple(scribe.given),
        tried=f"{change} WHERE {where(scribe.specimens, table, row)}\n    RETURNING {kept}",
        expects="accepted",
        answers=True,
    )
