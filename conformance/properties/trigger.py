"""An UPDATE moves the time of the last change, whatever it changes, and also where it sets that time itself.

Why: who copies what has changed since yesterday misses a row whose time did not move.

Example: `0008/agents.updated_at/trigger`.

Repair: a BEFORE UPDATE trigger FOR EACH ROW that sets the column.

Limits: the time counts as moved if it lies between the beginning of the transaction and the statement's, in sessions of
three time zones.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier, literal

CLAIM = "trigger"

_ZONES = ("Asia/Tokyo", "America/New_York")
"""Where a moment without its zone is another one, sooner and later."""
_LONG_AGO = "'2000-01-01 00:00:00+00'"


def expected(requirement: Requirement) -> str:
    return f"an UPDATE of {requirement.table} sets {requirement.columns[0]} to {requirement.spec['sets']}"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    if requirement.spec["before"] != "update" or requirement.spec["sets"] != "now()":
        return []
    names = [name for name in specimens.writable(requirement.table) if name not in requirement.columns]
    return [*names, requirement.columns[0], *_ZONES]


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    if case in _ZONES:
        scribe.given.append(f"SET LOCAL timezone = {literal(case)}")
        case = column
    row = {**scribe.row(table, without=[column]), column: _LONG_AGO}
    scribe.given.append(insert(table, row))
    name, changed = identifier(column), identifier(case)
    value = _LONG_AGO if case == column else changed
    moved = f"{name} BETWEEN now() AND clock_timestamp()"
    return Experiment(
        given=tuple(scribe.given),
        tried=f"UPDATE {identifier(table)} SET {changed} = {value}\n"
        f"    WHERE {where(scribe.specimens, table, row)}\n"
        f"    RETURNING {name} AS observed, {moved} AS as_documented",
        expects="accepted",
        answers=True,
    )
