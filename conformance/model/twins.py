"""Rows that agree in a key, and rows that nearly do: what the laws of uniqueness share."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment, Race
from conformance.model.literals import TEXTS
from conformance.model.specimen import Scribe, Specimens, Values, insert
from conformance.model.sql import literal
from conformance.model.told_apart import apart, texts
from conformance.model.uniqueness import best, folding, late_key

_STEM = "x" * 300


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    """The same key, also beside each documented value of the other columns, as an index may be partial, in rows that
    differ in another column that an index looks at, and of texts that an index may look at; a key that differs in one
    column, for each; a text that differs in case alone, in a blank at its end, or behind its beginning. Where the
    column's collation folds, case and blanks may make no difference, and are not asked about."""
    table = specimens.table(requirement.table)
    there = table.columns
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
    differing = [f"apart {name}" for name in apart(specimens, requirement.table, columns)]
    same = [f"text {name} {text}" for name in cased for text in texts(table, name)]
    folded = folding(table, columns)
    other = [f"{how} {name}" for name in cased for how in (("stem",) if name in folded else ("case", "blank", "stem"))]
    return ["same", *beside, *differing, *same, *(f"other {name}" for name in columns), *other]


def doubt(requirement: Requirement, specimens: Specimens) -> str:
    """What examples cannot tell: an index that looks at some rows alone, or at what it computes, lets others in."""
    table = specimens.table(requirement.table)
    if not table.children and any(index.excludes and index.predicate is None for index in table.indexes):
        return ""
    index, why, _ = best(table, requirement.columns)
    partly = index is not None and (index.predicate or any(key.column is None for key in index.keys))
    if index is None or not why or not (partly or table.children):
        return ""
    never_null = {f"({name} IS NOT NULL)" for name, column in table.columns.items() if column.not_null}
    if index.predicate is not None and index.predicate.text in never_null:
        return ""
    return f"no example departs, but what keeps them apart is {index.name}: {why}"


def unraced(requirement: Requirement, specimens: Specimens) -> str:
    """What examples of one session cannot tell: a trigger that looks for the key does not see what another session has
    not committed."""
    table = specimens.table(requirement.table)
    index, why, _ = best(table, requirement.columns)
    late = late_key(table, requirement.columns)
    if late or (index is not None and not why) or (index is not None and index.excludes and index.predicate is None):
        return ""
    return "no example of one session departs, but no index keeps rows of this key apart, and races were left out"


def remark(requirement: Requirement, specimens: Specimens) -> str:
    """What examples did not ask about, since a collation decides it."""
    return "; ".join(folding(specimens.table(requirement.table), requirement.columns).values())


def _free(requirement: Requirement, specimens: Specimens, name: str) -> bool:
    documented = specimens.documented(requirement.table, name)
    return not documented.values and documented.reference is None


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment | None:
    """Two rows: the second is refused if it has the same key as the first, and accepted if it has not."""
    table = requirement.table
    how, _, column = case.partition(" ")
    key = _key(requirement, scribe)
    column, _, value = column.partition(" ") if how in ("beside", "text") else (column, "", "")
    if how == "text":
        key = {**key, column: literal(value)}
    if how == "stem":
        key = {**key, column: literal(f"{_STEM}a")}
    beside, beyond = _other_columns(requirement, scribe, how, column, value)
    first = scribe.row(table, {**key, **beside})
    other = {name: scribe.value(table, name) for name in requirement.columns}
    second = scribe.row(table, {**other, **beyond})
    if how in ("same", "beside", "apart", "text"):
        given = (*scribe.given, insert(table, first))
        tried = insert(table, {**second, **key})
        return Experiment(given=given, control=(insert(table, second),), tried=tried, expects="refused")
    changed = _changed(requirement, scribe, key, column, how)
    if changed is None or changed == key:
        return None
    given = (*scribe.given, insert(table, first))
    tried = insert(table, {**second, **changed})
    return Experiment(given=given, control=(insert(table, second),), tried=tried, expects="accepted")


def _other_columns(
    requirement: Requirement, scribe: Scribe, how: str, column: str, value: str
) -> tuple[Values, Values]:
    """What stands beside the key in the one row, and in the other."""
    if how == "beside":
        return {column: literal(value)}, {column: literal(value)}
    if how == "apart":
        one, other = (scribe.value(requirement.table, column) for _ in range(2))
        if one == other:
            one, other = (scribe.specimens.options(requirement.table, column, 7) * 2)[:2]
        return {column: one}, {column: other}
    return {}, {}


def _key(requirement: Requirement, scribe: Scribe) -> Values:
    """A key: values that no other row has, and beside them, where a column takes any text, a text."""
    table, key = requirement.table, {}
    there = scribe.specimens.table(table)
    folded = folding(there, requirement.columns)
    for name in requirement.columns:
        key[name] = scribe.value(table, name)
        type_ = there.columns[name].type
        plain = type_.name in TEXTS and not type_.labels and name not in folded
        if plain and _free(requirement, scribe.specimens, name):
            key[name] = literal(scribe.choice.text().replace("\x00", ""))
    return key


def _changed(requirement: Requirement, scribe: Scribe, key: Values, column: str, how: str) -> Values | None:
    if how == "case":
        text = key[column]
        return {**key, column: text.swapcase()}
    if how == "blank":
        return {**key, column: f"{key[column][:-1]} '"}
    if how == "stem":
        return {**key, column: literal(f"{_STEM}b")}
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
