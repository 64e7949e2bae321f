"""What several lints ask of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.deed import Action, ColumnDefinition, Constraint, Deed
from conformance.model.lint import Edit, Place


def brief(place: Place, table: str) -> bool:
    """Whether nobody waits long for what reads, writes or sorts every row of the table."""
    return place.known.fresh(table) or place.known.small(table)


def acts(place: Place, *verbs: str) -> Iterator[Action]:
    """The actions of these verbs on a table that others use: one that the file has not made itself."""
    if place.deed.verb == "alter table" and not place.known.fresh(place.deed.table):
        yield from (action for action in place.deed.actions if action.verb in verbs)


def added_constraints(place: Place, *kinds: str) -> Iterator[Constraint]:
    """The constraints that are added to a table that others use."""
    for action in acts(place, "add constraint"):
        if action.constraint is not None and action.constraint.kind in kinds:
            yield action.constraint


def added_columns(place: Place) -> Iterator[ColumnDefinition]:
    """The columns that are added to a table that others use."""
    for action in acts(place, "add column"):
        if action.column is not None:
            yield action.column


def columns_written(place: Place) -> Iterator[ColumnDefinition]:
    """Every column that the deed writes down, in a new table or an old one."""
    return columns_of(place.deed)


def columns_of(deed: Deed) -> Iterator[ColumnDefinition]:
    """The same of a deed anywhere."""
    yield from deed.definitions
    for action in deed.actions:
        if action.column is not None:
            yield action.column


def constraints_written(place: Place) -> Iterator[Constraint]:
    """Every constraint that the deed writes down, beside a column or by itself."""
    return constraints_of(place.deed)


def constraints_of(deed: Deed) -> Iterator[Constraint]:
    """The same of a deed anywhere."""
    yield from deed.constraints
    for column in columns_of(deed):
        yield from column.constraints
    for action in deed.actions:
        if action.constraint is not None:
            yield action.constraint


def after_words(place: Place, start: int, *words: str) -> int:
    """The offset behind these words, the first of which stands at `start`; comments between them are passed over."""
    text, at = place.statement.text, start
    for word in words:
        match = re.compile(rf"(?:\s++|--[^\n]*+\n|/\*.*?\*/)*+{word}\b", re.IGNORECASE | re.DOTALL).match(text, at)
        if match is None:
            return -1
        at = match.end()
    return at


def inserted(at: int, text: str) -> tuple[Edit, ...]:
    """The one edit that puts the text there; none where there is no such place."""
    return (Edit(start=at, end=at, text=text),) if at >= 0 else ()


def said(place: Place, start: int, end: int) -> str:
    """The statement's text from one offset to another."""
    return place.statement.text[start:end]
