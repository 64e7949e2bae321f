"""What a CHECK leaves of a type, where no claim on values says what it may leave.

Some ordinary values of the type are put to each CHECK on the column alone, on its domain, or on its elements' domain,
and to what is computed from the column alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from conformance.model.admission import cast_of
from conformance.model.catalog import Column, Expression, Table
from conformance.model.guards import by_nullness_alone, guards, why_not_evaluable
from conformance.model.hurdles import computing
from conformance.model.question import Accepted, Answer, Probe
from conformance.model.record import Record
from conformance.model.samples import SAMPLES, STRINGS
from conformance.model.strings import constants

VALUED = frozenset({"accepts", "one-of", "check"})
"""The claims on a column that judge its CHECKs."""

LONG = "x" * 10_000
_BEYOND_INT4 = "5000000000"
_WORDS = ("x", "conformance probe")
_ORDINARY = {
    **dict.fromkeys(("int2", "int4"), ("1", "2", "3", "7", "10", "1000")),
    "int8": ("1", "2", "3", "7", "10", "1000", _BEYOND_INT4),
    **dict.fromkeys(("numeric", "float4", "float8"), ("0.25", "0.5", "0.7", "1", "1.5", "1000")),
    **dict.fromkeys(("json", "jsonb"), ("{}", "[]", '"x"', "1", '{"key": "value"}', "[1]", '[{"key": "value"}]')),
    "bool": ("true", "false"),
    "uuid": (SAMPLES["uuid"], "3b1f4d52-9a0e-4c7b-8f26-5d6e7a8b9c0d", "d94e6c10-27ab-4f3e-a1b5-c8f0e2d3a4b6"),
    "date": ("2020-01-01", "2026-07-15", "2040-01-01"),
    "timestamp": ("2020-01-01 00:00:00", "2026-07-15 13:45:10.5", "2040-01-01 00:00:00"),
    "timestamptz": ("2020-01-01 00:00:00+00", "2026-07-15 13:45:10.5+00", "2040-01-01 00:00:00+00"),
}
_LINES = {"int2", "int4", "int8", "numeric", "float4", "float8", "date", "timestamp", "timestamptz"}
"""The types whose values above stand in their order: what a CHECK leaves of these is a range, or it is not plain."""


class Narrowing(Record):
    """A CHECK, or what is `computed`, that may narrow the type: the values put to it, or why there are none."""

    name: str
    expression: Expression
    asks: Probe | str
    type: str
    array: bool
    computed: bool = False

    def effect(self, answer: Answer | None) -> tuple[Literal["none", "some", "unknown", "narrower"], str]:
        """What it does to the type, and in what words; a text has to take every ordinary text, another type two values
        at the least, a number or a time all those of a range."""
        if isinstance(self.asks, str):
            return "unknown", f"whether {self.name} narrows it is not known: {self.asks}"
        if not isinstance(answer, Accepted):
            why = getattr(answer, "reason", "it was not asked")
            return "unknown", f"whether {self.name} narrows it is not known: {why}"
        values = [row[0] or "" for row in self.asks.rows]
        refused = [value for value, taken in zip(values, answer.rows, strict=True) if not taken]
        if not refused:
            return "none", "" if self.computed else f"{self.name} refuses none of the values tried"
        shown = f"{self.name} refuses {refused[0][:40]!a}"
        if LONG in refused and values[0] not in refused:  # they differ in nothing but their length
            return "narrower", f"{self.name} refuses a text of {len(LONG)} characters: it is limited"
        taken = [value for value in values if value not in refused]
        if not taken and (not self._text or constants(self.expression).exhaustive):
            return "narrower", f"{shown}, and whatever else was tried"
        if self._text or not taken:
            others = "" if taken else ", and whatever else was tried"
            return "unknown", f"{shown}{others}: it may be narrower"
        return self._of_some(values, taken, shown)

    @property
    def _text(self) -> bool:
        return self.type in STRINGS and not self.array

    def _of_some(
        self, values: list[str], taken: list[str], shown: str
    ) -> tuple[Literal["some", "unknown", "narrower"], str]:
        """What is said where some values of a type other than text get in, and some do not."""
        if self.array:
            return "some", shown
        if len(taken) == 1:
            return "narrower", f"{shown}, and whatever else was tried but {taken[0][:40]!a}"
        if self.type == "int8" and _BEYOND_INT4 not in taken and "1000" in taken:
            return "narrower", f"{self.name} refuses {_BEYOND_INT4}, which a bigint holds"
        first, last = values.index(taken[0]), values.index(taken[-1])
        range_ = self.type in _LINES and taken == values[first : last + 1]
        if range_ or self.type in ("json", "jsonb"):
            return "some", shown
        return "unknown", f"{shown}, and not {taken[-1][:40]!a}: it may be narrower"


def may_narrow(table: Table, name: str) -> bool:
    """Whether there is a CHECK about the column alone, or something is computed in the table."""
    column = table.columns[name]
    domains = (*column.type.domains, *column.type.elements)
    if column.generated:
        return False
    checked = bool(domains) or any(check.columns == (name,) for check in table.checks)
    return (
        checked or any(other.generated for other in table.columns.values()) or any(i.computing for i in table.indexes)
    )


def narrowings(table: Table, column: Column, *, unlimited: bool) -> Iterator[Narrowing]:
    """Every CHECK that is about the column alone; `unlimited` says that a long text has to fit."""
    name, type_ = column.name, column.type
    checks = [(guard, False) for guard in guards(table, (name,))]
    others = [(guard, True) for guard in computing(table, (name,)) if not by_nullness_alone(guard.expression)]
    for guard, computed in (*checks, *others):
        if guard.columns == (name,):
            values = _ordinary(column, unlimited=unlimited, array=type_.array)
            asks = _asks("value" if guard.domain else name, cast_of(column), guard.expression, values)
            yield Narrowing(
                name=guard.name,
                expression=guard.expression,
                asks=asks,
                type=type_.name,
                array=type_.array,
                computed=computed,
            )
    cast = cast_of(column)
    for domain in type_.elements:
        for check in domain.checks:
            values = _ordinary(column, unlimited=unlimited, array=False)
            asks = _asks("value", cast and cast.removesuffix("[]"), check.expression, values)
            yield Narrowing(name=check.name, expression=check.expression, asks=asks, type=type_.name, array=False)


def _ordinary(column: Column, *, unlimited: bool, array: bool) -> tuple[str, ...]:
    name = column.type.name
    if name in STRINGS:
        values: tuple[str, ...] = (*_WORDS, LONG) if unlimited and not array else _WORDS
    else:
        values = _ORDINARY.get(name, (SAMPLES[name],) if name in SAMPLES else ())
    return ("{}", *(f"{{{value}}}" for value in values if name not in ("json", "jsonb"))) if array else values


def _asks(name: str, cast: str | None, expression: Expression, values: tuple[str, ...]) -> Probe | str:
    if why := why_not_evaluable(expression):
        return why
    if cast is None or not values:
        return "its type is not PostgreSQL's own"
    return Probe(columns=((name, cast),), expressions=(expression.text,), rows=tuple((value,) for value in values))
