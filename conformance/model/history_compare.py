"""Two moments of a database compared: what is in it, and what became of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.model.history import Rows, Structure, Words
from conformance.model.record import Record

MOST = 4


class Loss(Record):
    """Something of the rows that is gone or changed. `row` is None where the whole table or column is gone."""

    table: str
    column: str | None
    row: str | None
    before: str
    after: str

    @property
    def said(self) -> str:
        """In a few words."""
        place = self.table if self.column is None else f"{self.table}.{self.column}"
        if self.row is None:
            return f"{place}, with {self.before}, is gone"
        if self.column is None:
            return f"the row {self.row} of {self.table} is gone"
        return f"{place} of row {self.row} was {self.before}, is {self.after}"


def differences(wanted: Structure, found: Structure) -> tuple[str, ...]:
    """What tells the second from the first, an object a line."""
    lines = []
    for name in sorted({*wanted, *found}):
        before, after = wanted.get(name), found.get(name)
        if after is None:
            lines.append(f"{name} is missing")
        elif before is None:
            lines.append(f"{name} is too much")
        elif before != after:
            lines.append(f"{name} should be {_short(before)}, is {_short(after)}")
    return tuple(lines)


def some(lines: Sequence[str]) -> str:
    """The first of the lines, and how many more there are."""
    more = len(lines) - MOST
    return "; ".join(lines[:MOST]) + (f"; and {more} more" if more > 0 else "")


def losses(before: Rows, after: Rows, words: Words) -> Iterator[Loss]:
    """What of the rows was not kept, except what the contract takes away and what a trigger keeps by itself."""
    for table, rows in before.items():
        if not rows or table in words.leaving:
            continue
        there = after.get(table)
        if there is None:
            yield Loss(table=table, column=None, row=None, before=_count(len(rows)), after="")
            continue
        yield from _of_table(table, rows, there, words)


def _of_table(
    table: str, rows: Mapping[str, Mapping[str, Any]], there: Mapping[str, Mapping[str, Any]], words: Words
) -> Iterator[Loss]:
    left = {name for row in there.values() for name in row}
    first = next(iter(rows.values()))
    skipped = {name for name in first if f"{table}.{name}" in words.leaving | words.self_kept}
    if there:
        for name in sorted(set(first) - left - skipped):
            values = sum(row[name] is not None for row in rows.values())
            skipped.add(name)
            if values:
                yield Loss(table=table, column=name, row=None, before=f"{values} values", after="")
    for key, row in rows.items():
        now = there.get(key)
        if now is None:
            yield Loss(table=table, column=None, row=_short(key), before="", after="")
            continue
        for name, value in row.items():
            if name not in skipped and not same(value, now[name]):
                yield Loss(table=table, column=name, row=_short(key), before=_json(value), after=_json(now[name]))


def same(value: Any, other: Any) -> bool:
    """Whether two values say the same, though perhaps in another type: 7 and "7", but not NULL and ""."""
    if value == other and isinstance(value, bool) == isinstance(other, bool):
        return True
    if value is None or other is None or isinstance(value, bool) or isinstance(other, bool):
        return False
    return isinstance(value, str) != isinstance(other, str) and _text(value) == _text(other)


def _json(value: Any) -> str:
    return "NULL" if value is None else _short(_text(value))


def _text(value: Any) -> str:
    from json import dumps

    return value if isinstance(value, str) else dumps(value, sort_keys=True)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else flat[:89] + "…"


def _count(number: int) -> str:
    return f"{number} row{'s' * (number != 1)}"
