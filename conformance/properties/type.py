"""Values at the boundaries of the documented type go in and come back unchanged; what is none of its values does not
go in. What an UPDATE sets, and is not refused, is there afterwards.

Why: a column that is too narrow refuses or, worse, rounds, cuts and shifts what documented clients write.

Example: `0024/agents.priority/type` is `integer`: 2147483647 comes back as it was.

Repair: `ALTER TABLE … ALTER COLUMN … TYPE …`.

Limits: a wider type passes, since what is documented comes back from it. Where only some values are documented, or
keys of another table, these are written. Types of which nothing is known here have no boundaries. Keys, references,
columns of few documented values, times and tables that record what was are not updated: what keeps these as they are
may be right in it.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.literals import boundaries
from conformance.model.specimen import Scribe, Specimens, insert, where
from conformance.model.sql import identifier, literal

CLAIM = "type"

_RECORDS = ("agent_config_revisions", "chat_messages", "events", "llm_usage")
"""Tables of what was: that their rows stay as they are is no departure."""


def expected(requirement: Requirement) -> str:
    return f"what a {requirement.spec['is']} holds comes back from {requirement.subject} as it was"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, str]]:
    known = boundaries(requirement.spec["is"])
    if known is None:
        return []
    documented = specimens.documented(requirement.table, requirement.columns[0])
    taken = [literal(value) for value in documented.values] or [*known.taken, *_longer(requirement, specimens)]
    updated = known.taken if _plain(requirement, specimens) else ()
    return [
        *(("taken", value) for value in taken),
        *(("refused", value) for value in known.refused),
        *(("updated", value) for value in updated),
    ]


def _plain(requirement: Requirement, specimens: Specimens) -> bool:
    """Whether nothing but what a client sets decides what is in the column."""
    table, (column,) = requirement.table, requirement.columns
    documented = specimens.documented(table, column)
    decided = documented.values or documented.reference or column in specimens.telling.get(table, ())
    return not decided and table not in _RECORDS and "time" not in str(requirement.spec["is"])


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
    if how == "updated":
        row = bare if free else {**bare, column: scribe.value(table, column)}
        scribe.given.append(insert(table, row))
        found = {key: one for key, one in row.items() if key != column}
        tried = _updated(table, name, value, where(specimens, table, found or row), same)
        return Experiment(given=tuple(scribe.given), control=(tried,), tried=tried, expects="accepted", answers=True)
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


def _updated(table: str, name: str, value: str, mine: str, same: str) -> str:
    """An UPDATE, and what is there then: where it changes no row, as where rows are never changed, that is no departure
    of a column."""
    return (
        f"WITH changed AS (\n    UPDATE {identifier(table)} SET {name} = {value}\n    WHERE {mine}\n"
        f"    RETURNING {name})\n"
        f"SELECT 'an UPDATE leaves ' || left(quote_nullable(min(CAST({name} AS text))), 60) AS observed,\n"
        f"    count(*) FILTER (WHERE ({same}) IS NOT TRUE) = 0 AS as_documented FROM changed"
    )
