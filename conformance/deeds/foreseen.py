"""What all the deeds of a run will make: what is still to come while they are read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from conformance.deeds.asking import constraints_of
from conformance.deeds.value_sets import listed
from conformance.model.deed import Constraint, Deed

_MADE = {
    "create type": "type",
    "create domain": "type",
    "create function": "function",
    "create procedure": "function",
}
_ENDINGS = {"check": "check", "foreign key": "fkey"}


class Foreseen:
    """The tables, types, functions and constraints that the deeds make, less those that are made by now."""

    def __init__(self, deeds: Iterable[Deed]) -> None:
        every = list(deeds)
        self._to_come = Counter(deed.table for deed in every if deed.verb == "create table")
        self._makes: dict[tuple[str, str], bool] = {}
        for deed in every:
            if deed.verb in _MADE:  # what is replaced may have been there before all of these files
                key = _MADE[deed.verb], deed.name
                self._makes[key] = self._makes.get(key, True) and "or replace" not in deed.flags
        self._made: set[tuple[str, str]] = set()
        self._said = Counter(_about(deed.table, c) for deed in every for c in constraints_of(deed))
        self._said.update((d.table, "", a.name) for d in every for a in d.actions if a.verb == "drop constraint")

    def to_come(self, table: str) -> bool:
        return self._to_come[table] > 0

    def only_to_come(self, kind: str, name: str) -> bool:
        return self._makes.get((kind, name), False) and (kind, name) not in self._made

    def made_function(self, name: str) -> bool:
        return ("function", name) in self._makes

    def made_anew(self, deed: Deed, constraint: Constraint) -> bool:
        found = _about(deed.table, constraint)
        name = constraint.name or f"{deed.table}_{found[2].replace(' ', '_')}_{_ENDINGS.get(constraint.kind, '')}"
        own = sum(action.verb == "drop constraint" and action.name == name for action in deed.actions)
        return self._said[found] > 1 or self._said[deed.table, "", name] > own

    def come(self, deed: Deed) -> None:
        """One more deed is done."""
        if deed.verb == "create table":
            self._to_come[deed.table] -= 1
        elif deed.verb in _MADE:
            self._made.add((_MADE[deed.verb], deed.name))
        self._said.subtract(_about(deed.table, c) for c in constraints_of(deed))
        self._said.subtract((deed.table, "", a.name) for a in deed.actions if a.verb == "drop constraint")


def _about(table: str, constraint: Constraint) -> tuple[str, str, str]:
    """What a constraint is about: two of one table, kind and columns take each other's place."""
    values = listed(constraint)
    return table, constraint.kind, values[0] if values else " ".join(constraint.columns)
