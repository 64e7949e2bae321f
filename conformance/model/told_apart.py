"""What the expressions of a table tell apart: values that they spell out, and columns that they look at together.

A domain is too large to be tried to the last; but where a schema treats some values otherwise than the rest, it says
which, and examples that never hold them would pass it by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from conformance.model.catalog import Expression, Index, Table
from conformance.model.contract import Requirement
from conformance.model.literals import NUMBERS, TEXTS, TIMES
from conformance.model.neighbours import samples
from conformance.model.specimen import Specimens
from conformance.model.sql import literal, mentions
from conformance.model.strings import constants

_NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?\b")
_LONGEST = 2000
_MOST = 60
"""So many values of other columns are tried beside a claim's own; of an expression that spells out more, not all."""

Aside = Mapping[str, str | None]
"""What stands in columns beside those of a claim; None for the key of a row of its own."""


def strings(table: Table, column: str) -> tuple[str, ...]:
    """The strings that may be let into a column beyond others: an enum's labels, and what CHECKs of it spell out."""
    type_ = table.columns[column].type
    found: list[str] = list(type_.labels or ())
    checks = [check for check in table.checks if column in check.columns]
    for expression in (
        *(check.expression for check in checks),
        *(check.expression for domain in type_.domains for check in domain.checks),
    ):
        spelled = constants(expression)
        found += spelled.strings
        if not spelled.exhaustive:
            found += samples([], list(spelled.strings))
    return tuple(dict.fromkeys(text for text in found if "\x00" not in text))


def asides(specimens: Specimens, requirement: Requirement) -> list[Aside]:
    """One column each beside those of a requirement, in every way in which the table's CHECKs and unique indexes may
    look at the two together."""
    table, own = requirement.table, set(requirement.columns)
    ruled = {name for way in specimens.filled.get(table, ()) for name in way}  # a law of its own
    if not own.isdisjoint(ruled):
        own |= ruled
    if requirement.claim in ("unique", "primary-key"):
        own |= specimens.telling.get(table, frozenset())  # two rows would have the same there
    found: dict[tuple[str, str | None], Aside] = {}
    for looked_at, expressions in _groups(specimens.table(table)):
        if looked_at.isdisjoint(requirement.columns):
            continue
        for name in sorted(looked_at - own):
            for value in _values(specimens, table, name, expressions):
                found.setdefault((name, value), {name: value})
    return list(found.values())[:_MOST]


def apart(specimens: Specimens, table: str, columns: Sequence[str]) -> list[str]:
    """The columns that stand in a unique index beside some of these, which two rows of one key may differ in."""
    own = set(columns)
    found: set[str] = set()
    for index in _keeping(specimens.table(table)):
        of_index = _columns_of(specimens.table(table), index)
        if own & of_index:
            found |= of_index - own
    return sorted(found & set(specimens.changeable(table)))


def texts(table: Table, column: str) -> list[str]:
    """Texts that an index which computes, or looks at some rows alone, may treat otherwise than others."""
    found: list[str] = []
    for index in _keeping(table):
        for expression in filter(None, (index.predicate, index.computing)):
            if mentions(expression.text, column):
                found += ["", " ", "X"]
                found += constants(expression).strings
                found += ["x" * length for length in _around(expression)]
    return [text for text in dict.fromkeys(found) if len(text) <= _LONGEST][:_MOST]


def _keeping(table: Table) -> Iterator[Index]:
    return (index for index in table.indexes if index.unique or index.excludes)


def _columns_of(table: Table, index: Index) -> set[str]:
    found = {key.column for key in index.keys if key.column is not None}
    for expression in filter(None, (index.predicate, index.computing)):
        found |= {name for name in table.columns if mentions(expression.text, name)}
    return found


def _groups(table: Table) -> Iterator[tuple[set[str], list[Expression]]]:
    """Columns that are looked at together, and by which expressions."""
    for check in table.checks:
        yield set(check.columns), [check.expression]
    for index in _keeping(table):
        yield _columns_of(table, index), [e for e in (index.predicate, index.computing) if e is not None]


def _values(specimens: Specimens, table: str, name: str, expressions: Iterable[Expression]) -> Iterator[str | None]:
    """What the documentation allows in the column, and above all what the expressions tell apart."""
    column, documented = specimens.table(table).columns[name], specimens.documented(table, name)
    if name not in specimens.changeable(table):
        return
    if documented.may_be_null or (not documented.claims and not column.not_null):
        yield "NULL"
    if specimens.refers(table, name):
        yield None
        return
    yield from specimens.options(table, name, 7)
    if documented.values or column.type.array:
        return
    for expression in expressions:
        if column.type.name in NUMBERS:
            yield from (str(number) for number in (*_around(expression), -1))
        elif column.type.name in TEXTS and column.type.labels is None:
            yield from (literal(text) for text in constants(expression).strings)
        elif column.type.name in TIMES:
            for text in constants(expression).strings:
                moment = f"CAST({literal(text)} AS {column.type.name})"
                yield from (moment, f"{moment} - interval '1 day'", f"{moment} + interval '1 day'")


def _around(expression: Expression) -> list[int]:
    """The whole numbers next to those that are spelled out."""
    spelled = {int(float(text)) for text in _NUMBER.findall(expression.text) if len(text) < 10}
    return sorted(number + step for number in spelled for step in (-1, 0, 1))
