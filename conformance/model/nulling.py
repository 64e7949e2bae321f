"""Whether a foreign key that sets NULL can: what the CHECKs say of rows that are there, once these columns are NULL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

from conformance.model.admission import Admission
from conformance.model.catalog import Catalog, Column, Table
from conformance.model.guards import Guard, guards, refuses_null
from conformance.model.question import Question
from conformance.model.samples import SAMPLES, STRINGS
from conformance.model.strings import constants

_MOST_ROWS = 200
_FEW = 6


def questions(table: Table, columns: Sequence[str]) -> Iterator[Question]:
    """What has to be asked of the server for `obstacle`."""
    if not any(refuses_null(table.columns[name]) for name in columns):
        for guard in guards(table, columns):
            yield from _admission(table, columns, guard).questions()


def obstacle(table: Table, columns: Sequence[str], catalog: Catalog) -> tuple[Literal["surely", "perhaps"], str] | None:
    """What refuses the NULLs in rows that were let in with values: each of these rows, or some that there may be."""
    for name in columns:
        if by := refuses_null(table.columns[name]):
            return "surely", f"{name} is {by}"
    found = [one for guard in guards(table, columns) if (one := _by_guard(table, columns, guard, catalog)) is not None]
    return min(found, key=lambda one: one[0] != "surely", default=None)


def _by_guard(
    table: Table, columns: Sequence[str], guard: Guard, catalog: Catalog
) -> tuple[Literal["surely", "perhaps"], str] | None:
    admission = _admission(table, columns, guard)
    fates = admission.fates(catalog)
    half = len(fates) // 2  # the rows with values, then the same with NULLs
    before, after = fates[:half], fates[half:]
    pairs = [(void, why) for (fate, _), (void, why) in zip(before, after, strict=True) if fate != "refused"]
    refused = [why for void, why in pairs if void == "refused"]
    doubts = [why for void, why in pairs if void == "unknown"]
    if refused and len(refused) == len(pairs):
        return "surely", f"{refused[0]} refuses NULL"
    if refused:
        return "perhaps", f"{refused[0]} refuses NULL in some rows: {guard.expression.text}"
    return ("perhaps", doubts[0]) if doubts else None


def _admission(table: Table, columns: Sequence[str], guard: Guard) -> Admission:
    """Rows with the values that the guard tells apart in its other columns, first with values in ours, then NULLs."""
    others = [name for name in guard.columns if name not in columns]
    choices = [_choices(table, table.columns[name]) for name in others]
    rest = list(product(*choices))[:_MOST_ROWS]
    own = tuple(SAMPLES.get(table.columns[name].type.name) for name in columns)
    rows = [(*values, *row) for values in (own, (None,) * len(columns)) for row in rest]
    return Admission(table=table, columns=(*columns, *others), rows=tuple(rows))


def _choices(table: Table, column: Column) -> list[str | None]:
    """A value or two of the column, those that are spelled out, and NULL."""
    sample = SAMPLES.get(column.type.name)
    values: list[str | None] = [sample]
    if column.type.labels is not None:
        values = [*column.type.labels[:_FEW]]
    elif column.type.name in STRINGS:
        spelled = (text for guard in guards(table, (column.name,)) for text in constants(guard.expression).strings)
        values += list(dict.fromkeys(spelled))[:_FEW]
    elif column.type.name == "bool":
        values += ["false"]
    return values if refuses_null(column) else [*values, None]
