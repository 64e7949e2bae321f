"""Values that are not documented are refused.

Why: a misspelled state is in no query and in no index, and the row that has it is lost to all who look for it.

Example: `0013/agent_documents.doc_type/one-of`: `Rule`, `rule ` and the empty string are refused, and so is any text
that is not one of the four.

Repair: a CHECK (… IN (…)), an enum or a lookup table on the column.

Limits: what is next to the documented values, what the column's CHECKs spell out and an enum's labels are tried to the
last, other texts are drawn. NULL is another claim, and columns that hold no text are not provoked. Which rows a lookup
table has is not looked at: where one decides, the claim is indeterminate, and `conformance check` reads its keys.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.literals import TEXTS
from conformance.model.neighbours import neighbourhood
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier, literal
from conformance.model.told_apart import strings

CLAIM = "one-of"


def expected(requirement: Requirement) -> str:
    return f"all but {', '.join(requirement.spec['values'])} refused in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, str | None]]:
    documented = requirement.spec["values"]
    there = specimens.table(requirement.table)
    type_ = there.columns[requirement.columns[0]].type
    if type_.array or (type_.labels is None and type_.name not in TEXTS):
        return []  # a blank more is another text, but the same number
    beside = (*strings(there, requirement.columns[0]), *neighbourhood(documented))
    near = [value for value in dict.fromkeys(beside) if value not in documented]
    near.sort(key=lambda value: (len(value), value))
    return [*(("insert", value) for value in near), ("update", None), ("insert", None)]


def doubt(requirement: Requirement, specimens: Specimens) -> str:
    column = requirement.columns[0]
    if specimens.documented(requirement.table, column).reference is not None:
        return ""
    keys = specimens.table(requirement.table).foreign_keys
    key = next((key for key in keys if key.columns == (column,)), None)
    return f"{key.name} lets in what {key.target} holds, and its keys were not read" if key is not None else ""


def experiment(requirement: Requirement, scribe: Scribe, case: tuple[str, str | None]) -> Experiment | None:
    table, (column,) = requirement.table, requirement.columns
    how, fixed = case
    value = scribe.choice.text() if fixed is None else fixed
    documented = requirement.spec["values"]
    if value in documented:
        return None
    row = {**scribe.row(table), column: literal(documented[0])}
    if how == "insert":
        tried = insert(table, {**row, column: literal(value)})
        return Experiment(given=tuple(scribe.given), control=(insert(table, row),), tried=tried, expects="refused")
    scribe.given.append(insert(table, row))
    change = f"UPDATE {identifier(table)} SET {identifier(column)} = {literal(value)}"
    tried = f"{change} WHERE {where(scribe.specimens, table, row)}"
    return Experiment(given=tuple(scribe.given), tried=tried, expects="refused")
