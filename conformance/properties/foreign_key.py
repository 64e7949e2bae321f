"""A row that refers to nothing is refused, and one that refers to a row that is there goes in.

Why: an orphan belongs to nobody, is never cleaned up and breaks what joins on it.

Example: `0013/agent_documents.agent_id/foreign-key` references `agents.id`: neither an INSERT nor an UPDATE names an
agent that is not there, and no document is left that does when an agent goes.

Repair: `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY (…) REFERENCES …`.

Limits: keys of several columns are not provoked; `NOT VALID` keys refuse new rows as others do, and pass here; what
becomes of the row when its parent goes is the claim `on-delete`.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier

CLAIM = "foreign-key"


def expected(requirement: Requirement) -> str:
    return f"only keys of {requirement.spec['references']} in {requirement.subject}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    return ["dangling", "update", "there", "gone", "renamed"] if requirement.column is not None else []


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    target, _, key = str(requirement.spec["references"]).partition(".")
    nowhere = scribe.specimens.options(target, key, 2**40)[0]
    parent = scribe.parent(target, key)
    row = scribe.row(table, {column: parent})
    if case == "there":
        free = column not in scribe.specimens.required(table)
        control = {name: value for name, value in row.items() if name != column}
        return Experiment(
            given=tuple(scribe.given),
            control=(insert(table, control),) if free else (),
            tried=insert(table, row),
            expects="accepted",
        )
    if case == "dangling":
        return Experiment(
            given=tuple(scribe.given),
            control=(insert(table, row),),
            tried=insert(table, {**row, column: nowhere}),
            expects="refused",
        )
    scribe.given.append(insert(table, row))
    if case in ("gone", "renamed"):
        return _left_behind(requirement, scribe, case, parent)
    change = f"UPDATE {identifier(table)} SET {identifier(column)} = {nowhere}"
    tried = f"{change} WHERE {where(scribe.specimens, table, row)}"
    return Experiment(given=tuple(scribe.given), tried=tried, expects="refused")


def _left_behind(requirement: Requirement, scribe: Scribe, case: str, parent: str) -> Experiment:
    """The parent goes, or gets another key: whatever is documented to become of the row, it is no orphan."""
    target, _, key = str(requirement.spec["references"]).partition(".")
    parents, own = identifier(target), identifier(key)
    change = (
        f"UPDATE {parents} SET {own} = {scribe.value(target, key)}" if case == "renamed" else f"DELETE FROM {parents}"
    )
    table, column = identifier(requirement.table), identifier(requirement.columns[0])
    nowhere = f"NOT EXISTS (SELECT FROM {parents} WHERE {own} = {parent})"
    counted = "count(*) || ' of its rows left' AS observed, count(*) = 0 AS as_documented"
    return Experiment(
        given=tuple(scribe.given),
        tried=f"{change} WHERE {own} = {parent}",
        expects="refused",
        asked=f"SELECT {counted} FROM {table}\n    WHERE {column} = {parent} AND {nowhere}",
    )
