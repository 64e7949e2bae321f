"""What a CHECK leaves of a type, where no claim on values says what it may leave.

Some ordinary values of the type are put to each CHECK on the column alone, on its domain, or on its elements' domain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from conformance.model.admission import SAMPLES, STRINGS, cast_of
from conformance.model.catalog import Column, Expression, Table
from conformance.model.guards import guards, why_not_evaluable
from conformance.model.question import Accepted, Answer, Probe
from conformance.model.record import Record
from conformance.model.strings import constants

VALUED = frozenset({"accepts", "one-of", "check"})
"""The claims on a column that judge its CHECKs."""

LONG = "x" * 10_000
_WORDS = ("x", "conformance probe")
_ORDINARY = {
    **dict.fromkeys(("int2", "int4", "int8"), ("1", "2", "10", "1000")),
    **dict.fromkeys(("numeric", "float4", "float8"), ("0.5", "1", "1000")),
    **dict.fromkeys(("json", "jsonb"), ("{}", "[]", '"x"')),
    "bool": ("true", "false"),
    "uuid": (SAMPLES["uuid"], "00000000-0000-0000-0000-000000000000"),
    "date": ("2020-01-01", "2040-01-01"),
    "timestamp": ("2020-01-01 00:00:00", "2040-01-01 00:00:00"),
    "timestamptz": ("2020-01-01 00:00:00+00", "2040-01-01 00:00:00+00"),
}


class Narrowing(Record):
    """One CHECK that may narrow the type: the values put to it, or why there are none."""

    name: str
    expression: Expression
    asks: Probe | str
    text: bool

    def effect(self, answer: Answer | None) -> tuple[Literal["none", "some", "unknown", "narrower"], str]:
        """What it does to the type, and in what words; a text has to take every ordinary text, another type one value
        at the least."""
        if isinstance(self.asks, str):
            return "unknown", f"whether {self.name} narrows it is not known: {self.asks}"
        if not isinstance(answer, Accepted):
            why = getattr(answer, "reason", "it was not asked")
            return "unknown", f"whether {self.name} narrows it is not known: {why}"
        values = [row[0] or "" for row in self.asks.rows]
        refused = [value for value, taken in zip(values, answer.rows, strict=True) if not taken]
        if not refused:
            return "none", f"{self.name} refuses none of the values tried"
        shown = f"{self.name} refuses {refused[0][:40]!a}"
        if LONG in refused and values[0] not in refused:  # they differ in nothing but their length
            return "narrower", f"{self.name} refuses a text of {len(LONG)} characters: it is limited"
        if len(refused) < len(values):
            return ("unknown", f"{shown}: it may be narrower") if self.text else ("some", shown)
        if not self.text or constants(self.expression).exhaustive:
            return "narrower", f"{shown}, and whatever else was tried"
        return "unknown", f"{shown}, and whatever else was tried: it may be narrower"


def may_narrow(table: Table, name: str) -> bool:
    """Whether there is a CHECK about the column alone."""
    column = table.columns[name]
    domains = (*column.type.domains, *column.type.elements)
    return not column.generated and bool(domains or any(check.columns == (name,) for check in table.checks))


def narrowings(table: Table, column: Column, *, unlimited: bool) -> Iterator[Narrowing]:
    """Every CHECK that is about the column alone; `unlimited` says that a long text has to fit."""
    name, type_ = column.name, column.type
    for guard in guards(table, (name,)):
        if guard.columns == (name,):
            values = _ordinary(column, unlimited=unlimited, array=type_.array)
            asks = _asks("value" if guard.domain else name, cast_of(column), guard.expression, values)
            yield Narrowing(name=guard.name, expression=guard.expression, asks=asks, text=_is_text(column, type_.array))
    cast = cast_of(column)
    for domain in type_.elements:
        for check in domain.checks:
            values = _ordinary(column, unlimited=unlimited, array=False)
            asks = _asks("value", cast and cast.removesuffix("[]"), check.expression, values)
            yield Narrowing(name=check.name, expression=check.expression, asks=asks, text=_is_text(column, False))


def _is_text(column: Column, array: bool) -> bool:
    return column.type.name in STRINGS and not array


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
