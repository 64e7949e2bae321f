"""Values at the boundaries of the documented type go in and come back unchanged; what is none of its values does not
go in.

Why: a column that is too narrow refuses or, worse, rounds, cuts and shifts what documented clients write.

Example: `0024/agents.priority/type` is `integer`: 2147483647 comes back as it was.

Repair: `ALTER TABLE … ALTER COLUMN … TYPE …`.

Limits: a wider type passes, since what is documented comes back from it. Where only some values are documented, or
keys of another table, these are written. Types of which nothing is known here have no boundaries.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.literals import boundaries
from conformance.model.specimen import Scribe, Specimens, insert
from conformance.model.sql import identifier, literal

CLAIM = "type"


def expected(requirement: Requirement) -> str:
    return f"what a {requirement.spec['is']} holds comes back from {requirement.subject} as it was"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, str]]:
    known = boundaries(requirement.spec["is"])
    if known is None:
        return []
    documented = specimens.documented(requirement.table, requirement.columns[0])
    taken = [literal(value) for value in documented.values] or [*known.taken, *_longer(requirement, specimens)]
    return [*(("taken", value) for value in taken), *(("refused", value) for value in known.refused)]


def _named(requirement: Requirement, specimens: Specimens) -> str:
    """The documented type, where it is found: an extension's may stand beside the path."""
    there, declared = (
        specimens.table(requirement.table).columns[requirement.columns[0]].type,
        str(requirement.spec["is"]),
    )
    beside = there.schema != "pg_catalog" and there.schema not in specimens.catalog.path
    same = declared.partition("(")[0] == there.name
    return f"{identifier(there.schema)}.{declared}" if beside and same else declared


def _longer(requirement: Requirement, specimens: Specimens) -> list[str]:
    """A text that is longer than the column here has room for."""
    type_ = specimens.table(requirement.table).columns[requirement.columns[0]].type
    limited = type_.name in ("varchar", "bpchar") and type_.typmod >= 0 and not type_.array
    return [f"repeat('x', {type_.typmod - 3})"] if limited and requirement.spec["is"] == "text" else []


def experiment(requirement: Requirement, scribe: Scribe, case: tuple[str, str]) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    how, value = case
    specimens, name, type_ = scribe.specimens, identifier(column), _named(requirement, scribe.specimens)
    free = column not in specimens.required(table)
    bare = scribe.row(table, without=[column])
    reference = specimens.documented(table, column).reference
    if how == "refused":
        plain = {**bare, column: scribe.value(table, column)}
        tried = insert(table, {**bare, column: value})
        return Experiment(given=tuple(scribe.given), control=(insert(table, plain),), tried=tried, expects="refused")
    if reference is not None and reference[0] in specimens.catalog.tables:
        value = scribe.parent(*reference, value)
    same = f"CAST(CAST({name} AS {type_}) AS text) = CAST(CAST({value} AS {type_}) AS text)"
    return Experiment(
        given=tuple(scribe.given),
        control=(insert(table, bare),) if free else (),
        tried=insert(
            table,
            {**bare, column: value},
            f"left(CAST({name} AS text), 60) AS observed,\n        {same} AS as_documented",
        ),
        expects="accepted",
        answers=True,
    )
