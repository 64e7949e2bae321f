"""Values that are not documented are refused.

Why: a misspelled state is in no query and in no index, and the row that has it is lost to all who look for it.

Example: `0013/agent_documents.doc_type/one-of`: `Rule`, `rule ` and the empty string are refused, and so is any text
that is not one of the four.

Repair: a CHECK (… IN (…)), an enum or a lookup table on the column.

Limits: what is next to the documented values is tried to the last, other texts are drawn. NULL is another claim, and
columns that hold no text are not provoked.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.literals import TEXTS
from conformance.model.neighbours import neighbourhood
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier, literal

CLAIM = "one-of"


def expected(requirement: Requirement) -> str:
    return f"all but {', '.join(requirement.spec['values'])} refused in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, str | None]]:
    documented = requirement.spec["values"]
    type_ = specimens.table(requirement.table).columns[requirement.columns[0]].type
    if type_.array or (type_.labels is None and type_.name not in TEXTS):
        return []  # a blank more is another text, but the same number
    near = [value for value in dict.fromkeys(neighbourhood(documented)) if value not in documented]
    near.sort(key=lambda value: (len(value), value))
    return [*(("insert", value) for value in near), ("update", None), ("insert", None)]


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
