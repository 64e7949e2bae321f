"""Rows that agree in a key, and rows that nearly do: what the laws of uniqueness share."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment, Race
from conformance.model.literals import TEXTS
from conformance.model.specimen import Scribe, Specimens, Values, insert
from conformance.model.sql import literal


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    """The same key, also beside each documented value of the other columns, as an index may be partial; a key that
    differs in one column, for each; a text that differs in case alone."""
    there = specimens.table(requirement.table).columns
    cased = [
        name
        for name in requirement.columns
        if there[name].type.name in TEXTS and not there[name].type.labels and _free(requirement, specimens, name)
    ]
    columns = requirement.columns
    beside = [
        f"beside {name} {value}"
        for name in specimens.writable(requirement.table)
        for value in specimens.documented(requirement.table, name).values
        if name not in columns
    ]
    return ["same", *beside, *(f"other {name}" for name in columns), *(f"case {name}" for name in cased)]


def _free(requirement: Requirement, specimens: Specimens, name: str) -> bool:
    documented = specimens.documented(requirement.table, name)
    return not documented.values and documented.reference is None


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment | None:
    """Two rows: the second is refused if it has the same key as the first, and accepted if it has not."""
    table = requirement.table
    how, _, column = case.partition(" ")
    key = _key(requirement, scribe)
    column, _, value = column.partition(" ") if how == "beside" else (column, "", "")
    beside = {column: literal(value)} if how == "beside" else {}
    first = scribe.row(table, {**key, **beside})
    other = {name: scribe.value(table, name) for name in requirement.columns}
    second = scribe.row(table, {**other, **beside})
    if how in ("same", "beside"):
        given = (*scribe.given, insert(table, first))
        tried = insert(table, {**second, **key})
        return Experiment(given=given, control=(insert(table, second),), tried=tried, expects="refused")
    changed = _changed(requirement, scribe, key, column, how)
    if changed is None or changed == key:
        return None
    given = (*scribe.given, insert(table, first))
    tried = insert(table, {**second, **changed})
    return Experiment(given=given, control=(insert(table, second),), tried=tried, expects="accepted")


def _key(requirement: Requirement, scribe: Scribe) -> Values:
    """A key: values that no other row has, and beside them, where a column takes any text, a text."""
    table, key = requirement.table, {}
    for name in requirement.columns:
        key[name] = scribe.value(table, name)
        type_ = scribe.specimens.table(table).columns[name].type
        if type_.name in TEXTS and not type_.labels and _free(requirement, scribe.specimens, name):
            key[name] = literal(scribe.choice.text().replace("\x00", ""))
    return key


def _changed(requirement: Requirement, scribe: Scribe, key: Values, column: str, how: str) -> Values | None:
    if how == "case":
        text = key[column]
        return {**key, column: text.swapcase()}
    options = scribe.specimens.options(requirement.table, column, 99)
    documented = scribe.specimens.documented(requirement.table, column)
    if documented.values:
        return {**key, column: next((value for value in options if value != key[column]), key[column])}
    return {**key, column: scribe.value(requirement.table, column)}


def race(requirement: Requirement, scribe: Scribe) -> Race:
    """Two sessions put in rows of the same key."""
    table = requirement.table
    key = {name: scribe.value(table, name) for name in requirement.columns}
    first = scribe.row(table, key, drawn=False)
    second = scribe.row(table, key, drawn=False)
    return Race(given=tuple(scribe.given), first=insert(table, first), second=insert(table, second))
