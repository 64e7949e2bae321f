"""A world as an invariant looks at it, and how an invariant is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from conformance.violations.votes import moment

Row: TypeAlias = dict[str, Any]
World: TypeAlias = Mapping[str, Sequence[Row]]
Columns: TypeAlias = Mapping[str, Collection[str]]
Witnesses: TypeAlias = set[Hashable]

_ENDLESS = {"infinity": Fraction(10**15), "-infinity": Fraction(-(10**15))}
KEYS = {"task_dependencies": ("task_id", "depends_on"), "tool_definitions": ("name", "version")}


class Look:
    """A world as an invariant looks at it."""

    def __init__(self, world: World, now: datetime) -> None:
        self._world = world
        self._by_id: dict[str, dict[Any, list[Row]]] = {}
        self.now = instant(now.isoformat()) or 0

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table."""
        return self._world.get(table, ())

    def rows_of(self, table: str, id_: Any) -> list[Row]:
        """The rows that have this id; more than one where not even that is unique."""
        if table not in self._by_id:
            self._by_id[table] = defaultdict(list)
            for row in self.rows(table):
                self._by_id[table][row.get("id")].append(row)
        return [] if id_ is None else self._by_id[table].get(id_, [])


Invariant: TypeAlias = Callable[[Look], Iterable[Hashable]]
SINGLE: dict[str, tuple[str, Invariant]] = {}


def invariant(id_: str, needs: str) -> Callable[[Invariant], Invariant]:
    """Names an invariant, and the columns without which it cannot be judged."""

    def name(function: Invariant) -> Invariant:
        SINGLE[id_] = (needs, function)
        return function

    return name


def key(table: str, row: Row) -> tuple[str | None, ...]:
    """What names a row."""
    return tuple(None if row.get(c) is None else str(row[c]) for c in KEYS.get(table, ("id",)))


def instant(text: Any) -> Fraction | None:
    """A timestamp of a column as seconds since the year 1; one at infinity is before or after all others."""
    return _ENDLESS[text] if text in _ENDLESS else moment(text)


def elements(goal: Row) -> list[str]:
    """The goals that a goal waits for."""
    return [element for element in goal.get("depends_on_goal_ids") or [] if element is not None]
