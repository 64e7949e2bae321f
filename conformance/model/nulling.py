"""Whether a foreign key that sets NULL can: what the CHECKs say of rows that are there, once these columns are NULL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

from conformance.model.admission import Admission
from conformance.model.catalog import Catalog, Column, Part, Table
from conformance.model.guards import Guard, guards, refuses_null
from conformance.model.placement import places
from conformance.model.question import Question
from conformance.model.record import Record, replace
from conformance.model.samples import SAMPLES, STRINGS
from conformance.model.strings import constants

_MOST_ROWS = 200
_FEW = 6


def questions(table: Table, columns: Sequence[str]) -> Iterator[Question]:
    """What has to be asked of the server for `obstacle`."""
    for met in _met(table, columns):
        for guard in met.guards:
            yield from _admission(met.table, columns, guard).questions()


def obstacle(table: Table, columns: Sequence[str], catalog: Catalog) -> tuple[Literal["surely", "perhaps"], str] | None:
    """What refuses the NULLs in rows that were let in with values: each of these rows, or some that there may be."""
    found: list[tuple[Literal["surely", "perhaps"], str]] = []
    for met in _met(table, columns):
        found += [("surely" if met.by_all else "perhaps", f"{name} is {by}") for name, by in met.refuse]
        for guard in met.guards:
            if (one := _by_guard(met.table, columns, guard, catalog)) is not None:
                found.append(one if met.by_all else ("perhaps", one[1]))
    return min(found, key=lambda one: one[0] != "surely", default=None)


class _Met(Record):
    """What rows meet in the table, or in one of its parts: columns that `refuse` NULL, and why, or else `guards`;
    `by_all` where rows of every value of the columns come there."""

    table: Table
    by_all: bool
    refuse: tuple[tuple[str, str], ...]
    guards: tuple[Guard, ...] = ()


def _met(table: Table, columns: Sequence[str]) -> Iterator[_Met]:
    """What every row meets, then what is met beside it in each part that has something for itself to say of them."""
    refuse = tuple((name, by) for name in columns if (by := refuses_null(table.columns[name])))
    common = () if refuse else tuple(guards(table, columns))
    yield _Met(table=table, by_all=True, refuse=refuse, guards=common)
    for place in places(table, lambda part: _concerns(part, columns)):
        part = place.part
        strict = tuple((name, f"not null in {part.name}") for name in columns if name in part.required)
        own = (check for check in part.checks if set(check.columns) <= table.columns.keys())
        checks = tuple(replace(check, name=f"{check.name} of {part.name}") for check in own)
        there = replace(table, checks=(*table.checks, *checks))
        rest = () if strict or refuse else tuple(guard for guard in guards(there, columns) if guard not in common)
        yield _Met(table=there, by_all=place.open_to_all(columns), refuse=strict, guards=rest)


def _concerns(part: Part, columns: Sequence[str]) -> bool:
    return any(name in part.required or any(name in check.columns for check in part.checks) for name in columns)


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
