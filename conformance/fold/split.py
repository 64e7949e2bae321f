"""What a table is partitioned by, and which rows a partition takes."""

from __future__ import annotations

from typing import Any

from conformance.model.record import Record

Value = str | int | bool | None
Edge = tuple[int, Any]


class Split(Record):
    """By which columns, and how: "range", "list" or "hash"."""

    strategy: str
    columns: tuple[str, ...]


class Bound(Record):
    """Which rows a partition takes, and the `text` that a server prints of it: those of the values that are `listed`,
    those from `low` on and before `high`, those with a `remainder`, or all that no other one takes (none of these). An
    edge is a number that says on which side of all values it lies, or 0, and a value."""

    text: str
    listed: tuple[Value, ...] = ()
    low: tuple[Edge, ...] = ()
    high: tuple[Edge, ...] = ()
    modulus: int = 0
    remainder: int = 0

    @property
    def default(self) -> bool:
        """Whether it is for the rest."""
        return self.text == "DEFAULT"

    def meets(self, other: Bound) -> bool:
        """Whether a row may be for both; of ranges the edges are of values that can be told apart by their order."""
        if self.default or other.default:
            return self.default and other.default
        if self.modulus:
            least = min(self.modulus, other.modulus)
            return self.remainder % least == other.remainder % least
        if self.listed:
            return not set(self.listed).isdisjoint(other.listed)
        return self.low < other.high and other.low < self.high
