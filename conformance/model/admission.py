"""Which rows does a table let in? Asked of everything that guards its columns, answered by the server.

A *guard* is a CHECK of the table, a CHECK of a domain, an enum's labels, a length, or a lookup table that a foreign key
points at. A row is refused if any guard surely refuses it, and accepted if every guard accepts it; what is left is not
known, and `unknown` says why. Nothing here runs on the server: questions go out, answers come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Literal

from conformance.model.catalog import Catalog, Column, Table
from conformance.model.guards import Guard, by_nullness_alone, guards, keys_read, lookups, why_not_evaluable
from conformance.model.hurdles import doubts, hurdles
from conformance.model.placement import Gap, gaps, only_place
from conformance.model.question import Accepted, Answer, Keys, Probe, Question, Row, Text
from conformance.model.record import Record
from conformance.model.samples import SAMPLES, STRINGS
from conformance.model.sql import identifier
from conformance.model.strings import constants

Fate = Literal["accepted", "refused", "unknown"]

_WEIGHT: Mapping[Fate, int] = {"accepted": 0, "unknown": 1, "refused": 2}

_FEW = 6


class Admission(Record):
    """The rows of a claim against the guards of a table. `proven_only` leaves out what is NOT VALID; `anywhere` takes
    in what refuses a row in one partition, and what refuses it although no guard does."""

    table: Table
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    proven_only: bool = False
    anywhere: bool = False

    def questions(self) -> Iterator[Question]:
        """Everything that has to be asked of the server to tell the rows' fates."""
        for guard in self._guards():
            question = self._probe(guard)
            if isinstance(question, Probe):
                yield question
        for place, name in enumerate(self.columns):
            if cast := self._cast(place, name):
                yield cast
            yield from self._keys(name)

    def fates(self, catalog: Catalog) -> tuple[tuple[Fate, str], ...]:
        """For each row its fate, and what decided it (the guard's name, or why it is not known)."""
        fates: list[tuple[Fate, str]] = [("accepted", "")] * len(self.rows)
        for place, name in enumerate(self.columns):
            self._merge(fates, self._by_type_and_lookup(place, name, catalog))
        for guard in self._guards():
            self._merge(fates, self._by_guard(guard, catalog))
        for gap in gaps(self.table):
            if gap.touches(self.columns) and (not self.proven_only or (gap.columns and self._of_values)):
                self._merge(fates, [self._by_gap(gap, row) for row in self.rows])
        if self.anywhere:
            told = {
                void: self._by_doubt(void) for void in dict.fromkeys(tuple(v is None for v in r) for r in self.rows)
            }
            self._merge(fates, [told[tuple(value is None for value in row)] for row in self.rows])
        return tuple(fates)

    def listed(self, catalog: Catalog, other: int) -> bool:
        """Whether the values that get in can be listed, and all of them are among the rows.

        They can if one guard over the single column only compares it with constants, and refuses the row `other`, which
        is none of them: then it refuses everything else too. An enum's labels, a lookup table's keys and what
        partitions are for are lists.
        """
        column = self.table.columns[self.columns[0]]
        if column.type.labels is not None or (self._keys(column.name) and not catalog.replica):
            return True
        if exact(column) and only_place(self.table, column.name) is not None:
            return True
        for guard in self._guards():
            probe = self._probe(guard)
            answer = catalog.answers.get(probe) if isinstance(probe, Probe) else None
            refuses = guard.columns == self.columns and isinstance(answer, Accepted) and not answer.rows[other]
            compares = column.type.name in STRINGS or all(name.endswith("eq") for name in guard.expression.functions)
            if refuses and compares and constants(guard.expression).exhaustive:
                return True
        return False

    def _guards(self) -> list[Guard]:
        found = guards(self.table, self.columns)
        if self.anywhere:
            found += hurdles(self.table, self.columns)
        return [guard for guard in found if guard.proven or not self.proven_only]

    def _by_doubt(self, void: Sequence[bool]) -> tuple[Fate, str]:
        """What may refuse a new row with these columns NULL, and cannot be tried."""
        nulls = {name for name, is_null in zip(self.columns, void, strict=True) if is_null}
        doubt = next(doubts(self.table, self.columns, nulls), "")
        return ("unknown", doubt) if doubt else ("accepted", "")

    def _by_gap(self, gap: Gap, row: Row) -> tuple[Fate, str]:
        """Whether a new row finds a place although no guard refuses it; of rows that are there, it is certain that they
        have found one."""
        given = dict(zip(self.columns, row, strict=True))
        if gap.nulls and gap.columns is not None and None not in (given[n] for n in gap.columns & given.keys()):
            return "accepted", ""
        if gap.listed is not None and gap.columns is not None and len(gap.columns) == 1:
            (name,) = gap.columns
            if given[name] in gap.listed:
                return "accepted", ""
            if gap.sure and self.proven_only and exact(self.table.columns[name]):
                return "refused", gap.why
        return "unknown", gap.why

    @property
    def _of_values(self) -> bool:
        return all(value is not None for row in self.rows for value in row)

    @staticmethod
    def _merge(fates: list[tuple[Fate, str]], others: Sequence[tuple[Fate, str]]) -> None:
        """One more guard's word on each row: a refusal outweighs what is not known, and that an acceptance."""
        for place, other in enumerate(others):
            if _WEIGHT[other[0]] > _WEIGHT[fates[place][0]]:
                fates[place] = other

    def _by_type_and_lookup(self, place: int, name: str, catalog: Catalog) -> Sequence[tuple[Fate, str]]:
        """What the column's type, its collation and the table that it points at say; empty where they say nothing."""
        column, keys = self.table.columns[name], () if catalog.replica else self._keys(name)
        limited = column.type.labels is not None or column.type.typmod >= 0 or column.type.name not in STRINGS
        if not (limited or column.type.array or keys or not column.collation_shipped):
            return ()
        answers = [(key, catalog.answers.get(key)) for key in keys]
        cast = self._cast(place, name)
        typed = catalog.answers.get(cast) if cast else None
        if cast and not isinstance(typed, Accepted):
            return [("unknown", f"whether {column.type.declared} holds the values was not asked")] * len(self.rows)
        holds = typed.rows if isinstance(typed, Accepted) else (True,) * len(self.rows)
        return [
            self._by_value(column, row[place], answers) if held else ("refused", f"type {column.type.declared}")
            for row, held in zip(self.rows, holds, strict=True)
        ]

    def _by_value(
        self, column: Column, value: str | None, answers: list[tuple[Keys, Answer | None]]
    ) -> tuple[Fate, str]:
        if value is None:
            return "accepted", ""
        fate = _by_type(column, value)
        for keys, answer in answers:
            if not isinstance(answer, Text):
                why = f"the keys of {keys.schema}.{keys.table} could not be read"
                reason = getattr(answer, "reason", "they were not asked for")
                fate = max(fate, ("unknown", f"{why}: {reason}"), key=_weight)
            elif value not in answer.values:
                fate = max(fate, ("refused", f"lookup table {keys.schema}.{keys.table}"), key=_weight)
        return fate

    def _by_guard(self, guard: Guard, catalog: Catalog) -> Sequence[tuple[Fate, str]]:
        probe = self._probe(guard)
        if isinstance(probe, str):
            return [("unknown", probe)] * len(self.rows)
        answer = catalog.answers.get(probe)
        if not isinstance(answer, Accepted):
            why = f"{guard.name} could not be evaluated: {getattr(answer, 'reason', 'it was not asked')}"
            return [("unknown", why)] * len(self.rows)
        otherwise: tuple[Fate, str] = ("refused", guard.name)
        if not (set(guard.columns) <= set(self.columns) or self._exhausted(guard)):
            otherwise = ("unknown", f"{guard.name} also depends on other columns: {guard.expression.text}")
        elif not guard.sure:
            otherwise = ("unknown", f"{guard.name} refuses it, if that is where it goes: {guard.expression.text}")
        width = len(probe.rows) // len(self.rows)
        fates: list[tuple[Fate, str]] = [
            ("accepted", "") if any(answer.rows[start : start + width]) else otherwise
            for start in range(0, len(probe.rows), width)
        ]
        if guard.only is None:
            return fates
        place = self.columns.index(guard.columns[0])
        return [
            fate if row[place] in guard.only else ("accepted", "") for row, fate in zip(self.rows, fates, strict=True)
        ]

    def _cast(self, place: int, name: str) -> Probe | None:
        """The question which of the values the column's type can hold, where it is not a string's; NULL is of any."""
        column = self.table.columns[name]
        cast = cast_of(column)
        void = all(row[place] is None for row in self.rows)
        if void or cast is None or column.type.array or column.type.name in STRINGS:
            return None
        return Probe(
            columns=((name, cast),),
            expressions=(f"({identifier(name)} IS NULL) IS NOT NULL",),  # true, once the value has been cast
            rows=tuple((row[place],) for row in self.rows),
        )

    def _keys(self, name: str) -> tuple[Keys, ...]:
        if len(self.columns) > 1 or not keys_read(self.table.columns[name]) or self.rows == ((None,),):
            return ()  # of several columns it only counts which are NULL
        return tuple(
            Keys(
                schema=key.target_schema,
                table=key.target,
                column=key.target_columns[0],
                partitioned=key.target_kind == "p",
            )
            for key in lookups(self.table, name, proven_only=self.proven_only)
        )

    def _probe(self, guard: Guard) -> Probe | str:
        """The probe of one guard, or why there can be none."""
        if reason := why_not_evaluable(guard.expression):
            return f"{guard.name} is not evaluated, for {reason}: {guard.expression.text}"
        columns: list[tuple[str, str]] = []
        for name in guard.columns:
            column = self.table.columns[name]
            if column.generated and not guard.domain:
                return f"{guard.name} is over {name}, which is computed: {guard.expression.text}"
            cast = "pg_catalog.text" if self._by_nullness(guard) else cast_of(column)
            if cast is None:
                return f"{guard.name} is over {name} of type {column.type.declared}, which is not evaluated"
            columns.append(("value" if guard.domain else name, cast))
        return Probe(columns=tuple(columns), expressions=(guard.expression.text,), rows=self._rows(guard))

    def _rows(self, guard: Guard) -> tuple[Row, ...]:
        if guard.columns == self.columns and all(self.table.columns[name].type.typmod < 0 for name in self.columns):
            return self.rows
        return tuple(variant for row in self.rows for variant in self._variants(guard, row))

    def _variants(self, guard: Guard, row: Row) -> list[Row]:
        """The row as the guard sees it, once with NULL and once with a sample in the columns not spoken of."""
        given = dict(zip(self.columns, row, strict=True))
        given = {name: self._storable(name, value) for name, value in given.items()}
        if set(guard.columns) <= set(given):
            return [tuple(given[name] for name in guard.columns)]
        samples = {name: SAMPLES.get(self.table.columns[name].type.name) for name in guard.columns}
        if self._exhausted(guard):  # text does for any type here
            choices = [(given[name],) if name in given else self._nullness(name) for name in guard.columns]
            return list(product(*choices))
        empty = {name: samples[name] if self.table.columns[name].not_null else None for name in guard.columns}
        return [tuple({**rest, **given}[name] for name in guard.columns) for rest in (empty, samples)]

    def _exhausted(self, guard: Guard) -> bool:
        """Whether the variants are all there are: where only NULL or not counts, and the columns are few."""
        return self._by_nullness(guard) and len(guard.columns) <= _FEW

    def _by_nullness(self, guard: Guard) -> bool:
        flags = any(self.table.columns[name].type.name == "bool" for name in guard.columns)
        return by_nullness_alone(guard.expression) and not flags

    def _nullness(self, name: str) -> tuple[str | None, ...]:
        return ("x",) if self.table.columns[name].not_null else (None, "x")

    def _storable(self, name: str, value: str | None) -> str | None:
        return None if value is None else stored(self.table.columns[name], value)


def _weight(fate: tuple[Fate, str]) -> int:
    return _WEIGHT[fate[0]]


def _by_type(column: Column, value: str) -> tuple[Fate, str]:
    if column.type.array:
        return "unknown", f"{column.name} is an array"
    if column.type.labels is not None:
        if value not in column.type.labels:
            return "refused", f"enum {column.type.schema}.{column.type.name}"
    elif not column.type.shipped:
        return "unknown", f"type {column.type.declared} is not PostgreSQL's own"
    elif column.type.name in STRINGS and stored(column, value) is None:
        return "refused", f"type {column.type.declared}"
    if not column.collation_shipped:
        return "unknown", f"collation {column.collation} is not PostgreSQL's own"
    return "accepted", ""


def stored(column: Column, value: str) -> str | None:
    """What a string becomes when it is assigned to the column; None where its length is refused."""
    if column.type.name not in ("varchar", "bpchar") or column.type.typmod < 0:
        return value
    length = column.type.typmod - 4
    return value[:length] if not value[length:].strip(" ") else None


def exact(column: Column) -> bool:
    """Whether two strings in the column are equal only where they are the same."""
    shipped = column.type.shipped and column.type.name in ("text", "varchar") and not column.type.array
    return shipped and column.type.typmod < 0 and column.deterministic


def cast_of(column: Column) -> str | None:
    """The shipped type, in SQL, that stands for the column in an expression; None where there is none."""
    if not column.type.shipped or column.type.labels is not None:
        return None
    return f"pg_catalog.{column.type.name}{'[]' if column.type.array else ''}"
