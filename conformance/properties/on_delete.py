"""When a row goes that others refer to, these go too, or let go of it, or keep it, as documented.

Why: a cascade where a set null is documented deletes what should have stayed, and the other way about leaves rubbish.

Example: `0013/agent_documents.agent_id/on-delete` is `cascade`: the documents go with the agent.

Repair: drop the constraint and add it with the documented ON DELETE.

Limits: keys of several columns are not provoked; `restrict` and `no action` are told apart by nobody who commits, and
count as one.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier

CLAIM = "on-delete"
AFTER = "foreign-key"

_KEPT = ("no action", "restrict")


def expected(requirement: Requirement) -> str:
    return f"{requirement.spec['is']} in {requirement.subject} when the row of {requirement.spec['references']} goes"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return [""] if requirement.column is not None else []


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment | None:
    table, (column,) = requirement.table, requirement.columns
    action = requirement.spec["is"]
    target, _, key = str(requirement.spec["references"]).partition(".")
    parent = scribe.parent(target, key)
    row = scribe.row(table, {column: parent})
    scribe.given.append(insert(table, row))
    found = {name: value for name, value in row.items() if name != column}
    mine = where(scribe.specimens, table, found or row)
    goes = f"DELETE FROM {identifier(target)} WHERE {identifier(key)} = {parent}"
    control = (f"DELETE FROM {identifier(table)} WHERE {mine} AND {identifier(column)} = {parent}", goes)
    given = tuple(scribe.given)
    if action in _KEPT:
        return Experiment(given=given, control=control, tried=goes, expects="refused")
    name = identifier(column)
    observed = f"CASE WHEN count(*) = 0 THEN 'the row is gone' ELSE coalesce(min({name}::text), 'NULL') END"
    wanted = {"cascade": "count(*) = 0", "set null": f"count(*) = 1 AND count({name}) = 0"}.get(action)
    if wanted is None:
        return None
    asked = f"SELECT {observed} AS observed, {wanted} AS as_documented FROM {identifier(table)} WHERE {mine}"
    return Experiment(given=given, control=control, tried=goes, expects="accepted", asked=asked)
