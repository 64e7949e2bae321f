"""Where the rows of a table go: its partitions at any depth, and the rows for which there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import lcm

from conformance.model.catalog import Part, PartitionKey, Table
from conformance.model.record import Record

_MODULUS = re.compile(r"modulus (\d+), remainder \d+", re.IGNORECASE)
_RANGE = re.compile(r"FOR VALUES FROM \((.*)\) TO \((.*)\)\Z", re.DOTALL)
_LIST = re.compile(r"FOR VALUES IN \((.*)\)\Z", re.DOTALL)
_VALUE = re.compile(r"(?:'((?:[^']|'')*)'|(NULL)|([^', ]+))(?:, |\Z)")


class Place(Record):
    """A part of a table, and the columns that decide whether a row comes there; None where any of them may.

    `listed` are the values of the one column that decides, where these are all that comes there."""

    part: Part
    decided_by: frozenset[str] | None
    listed: frozenset[str | None] | None = None

    def open_to_all(self, columns: Sequence[str]) -> bool:
        """Whether rows of every value of these columns come there."""
        return self.part.partition and self.decided_by is not None and not self.decided_by & set(columns)


class Gap(Record):
    """Rows that find no partition. `columns` decide (None: any may), `why` says which rows; `whole` if they are all,
    `nulls` if only those with a NULL there, `listed` are the values that do find one, where they are listed; `sure` is
    a gap that no row of the table goes round: by another partition, or from a foreign table's rows."""

    columns: frozenset[str] | None
    why: str
    whole: bool = False
    nulls: bool = False
    listed: frozenset[str | None] | None = None
    sure: bool = False

    def touches(self, columns: Sequence[str]) -> bool:
        """Whether one of these columns has a say in it."""
        return self.columns is None or bool(self.columns & set(columns))


def parts_below(above: Table | Part) -> Iterator[Part]:
    """All partitions and heirs of a table, from above."""
    for part in above.parts:
        yield part
        if part.parts:
            yield from parts_below(part)


def places(table: Table, among: Callable[[Part], bool]) -> Iterator[Place]:
    """Those of them that are `among` what is asked for, with what decides whether a row comes there."""
    if not table.parts:
        return
    alone = table.key is not None and table.key.strategy == "list" and len(table.key.columns) == 1
    yield from _below(table.parts, _deciding(table.key, frozenset()), among, alone=alone)


def _below(
    parts: Sequence[Part], decided_by: frozenset[str] | None, among: Callable[[Part], bool], *, alone: bool = False
) -> Iterator[Place]:
    for part in parts:
        if among(part):
            yield Place(part=part, decided_by=decided_by, listed=_listed([part.bound]) if alone else None)
        if part.parts:
            yield from _below(part.parts, _deciding(part.key, decided_by), among)


def _deciding(key: PartitionKey | None, above: frozenset[str] | None) -> frozenset[str] | None:
    if key is None or above is None:
        return above
    return None if key.computed else above | set(key.columns)


def gaps(table: Table) -> Iterator[Gap]:
    """The rows that the table has no place for, as far as its partitions tell."""
    if table.bound:
        why = f"it is a partition of another table ({table.bound}), whose bounds refuse the rows that lie outside"
        yield Gap(columns=None, why=why)
    if table.key is not None:
        if not any(part.key is None for part in parts_below(table)):
            yield Gap(columns=None, why="it has no partition: no row finds a place in it", whole=True)
        else:
            yield from _gaps(table.name, table.key, table.parts, table)
    for part in parts_below(table):
        if part.key is not None:
            yield from _gaps(part.name, part.key, part.parts, table)


def _gaps(name: str, key: PartitionKey, parts: Sequence[Part], table: Table) -> Iterator[Gap]:
    if key.default:
        return
    columns = None if key.computed else frozenset(key.columns)
    by = ", ".join(key.columns) or "what is computed from the row"
    bounds = [part.bound for part in parts]
    if not bounds:
        yield Gap(columns=columns, why=f"{name} has no partition")
    elif key.strategy == "list":
        listed = _listed(bounds)
        why = f"{name} has no partition for other values of {by} than its partitions list, and no default one"
        sure = key is table.key and all(part.kind != "f" for part in parts_below(table))
        yield Gap(columns=columns, why=why, listed=listed if columns is not None else None, sure=sure)
    elif key.strategy == "hash":
        moduli = [int(match[1]) for bound in bounds if (match := _MODULUS.search(bound))]
        if sum(lcm(*moduli) // modulus for modulus in moduli) != lcm(*moduli):
            yield Gap(columns=columns, why=f"{name} lacks a partition for some remainders of {by}")
    elif not _covered(bounds):
        yield Gap(
            columns=columns, why=f"the partitions of {name} leave out ranges of {by}, and none is the default one"
        )
    elif key.computed or any(not table.columns[column].not_null for column in key.columns):
        yield Gap(columns=columns, why=f"{name} has no partition for a NULL in {by}, and no default one", nulls=True)


def only_place(table: Table, column: str) -> frozenset[str | None] | None:
    """The values that find a partition, where it is surely this column alone that finds it and they are listed."""
    return next((gap.listed for gap in gaps(table) if gap.sure and gap.columns == frozenset((column,))), None)


def _covered(bounds: Sequence[str]) -> bool:
    """Whether ranges go on one from another, from the least to the greatest."""
    ranges = {found[1]: found[2] for bound in bounds if (found := _RANGE.match(bound))}
    at: str | None = next((start for start in ranges if start.startswith("MINVALUE")), None)
    while at is not None and not at.startswith("MAXVALUE"):
        at = ranges.pop(at, None)
    return at is not None


def _listed(bounds: Sequence[str]) -> frozenset[str | None] | None:
    """The values that list partitions take, as text; None where that cannot be read."""
    values: set[str | None] = set()
    for bound in bounds:
        if (found := _LIST.match(bound)) is None:
            return None
        items = list(_VALUE.finditer(found[1]))
        if "".join(item[0] for item in items) != found[1]:
            return None
        for quoted, null, bare in (item.groups() for item in items):
            values.add(None if null else bare if quoted is None else quoted.replace("''", "'"))
    return frozenset(values)
