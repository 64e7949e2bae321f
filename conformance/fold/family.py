"""What lies below one table, so that a partition more costs no look at all the others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conformance.fold.book import Book
from conformance.fold.split import Bound, Value
from conformance.model.record import Record, field, replace

if TYPE_CHECKING:
    from conformance.fold.schema import Relation


class Below(Record):
    """The `numbers` of the partitions of a table, or of what inherits from it, in order; of partitions also what they
    take: `ranges`, in order, the values that are `listed`, and the `others`, which are by hash or for the rest. No two
    of them meet. A change gives another one, and leaves this as it is."""

    numbers: tuple[int, ...] = ()
    ranges: tuple[tuple[Any, Any], ...] = ()
    listed: Book[tuple[str, str], bool] = field(default_factory=Book)
    others: tuple[Bound, ...] = ()

    def put(self, number: int, bound: Bound | None) -> Below:
        """With one more."""
        at = bisect_left(self.numbers, number)
        made = replace(self, numbers=(*self.numbers[:at], number, *self.numbers[at:]))
        if bound is None:
            return made
        if bound.listed:
            listed = self.listed
            for value in bound.listed:
                listed = listed.put(_told(value), True)
            return replace(made, listed=listed)
        if bound.low:
            at = bisect_left(self.ranges, (bound.low, bound.high))
            return replace(made, ranges=(*self.ranges[:at], (bound.low, bound.high), *self.ranges[at:]))
        return replace(made, others=(*self.others, bound))

    def without(self, number: int, bound: Bound | None) -> Below:
        """Without one that is below."""
        at = bisect_left(self.numbers, number)
        made = replace(self, numbers=(*self.numbers[:at], *self.numbers[at + 1 :]))
        if bound is None:
            return made
        if bound.listed:
            listed = self.listed
            for value in bound.listed:
                listed = listed.without(_told(value))
            return replace(made, listed=listed)
        if bound.low:
            at = bisect_left(self.ranges, (bound.low, bound.high))
            return replace(made, ranges=(*self.ranges[:at], *self.ranges[at + 1 :]))
        return replace(made, others=tuple(one for one in self.others if one != bound))

    def meets(self, bound: Bound) -> bool:
        """Whether a row that a partition would take is for one that is there."""
        if any(_told(value) in self.listed for value in bound.listed):
            return True
        if bound.low:
            at = bisect_left(self.ranges, (bound.low, bound.high))
            beside = self.ranges[max(at - 1, 0) : at + 1]
            if any(low < bound.high and bound.low < high for low, high in beside):
                return True
        return any(bound.meets(other) for other in self.others)

    def around(self, number: int) -> Iterator[int]:
        """The numbers, those first that are near this one: what is done to one after the other is not done there."""
        up, down = bisect_right(self.numbers, number), bisect_left(self.numbers, number)
        yield from self.numbers[down:up]
        while up < len(self.numbers) or down > 0:
            if up < len(self.numbers):
                yield self.numbers[up]
                up += 1
            if down > 0:
                down -= 1
                yield self.numbers[down]


_NONE = Below()


class Families:
    """What lies below each table; a change gives other families, and leaves these as they are."""

    __slots__ = ("_below",)

    def __init__(self, below: Book[int, Below] | None = None) -> None:
        self._below = Book() if below is None else below

    def of(self, number: int) -> Below:
        """What lies below the table of that number."""
        return self._below.get(number, _NONE)

    def keep(self, before: Families) -> bool:
        """Whether all that was below a table is there still."""
        if self._below is before._below:
            return True
        changed = (
            (before.of(number).numbers, self.of(number).numbers) for number in before._below.changed(self._below)
        )
        return all(now[: len(was)] == was for was, now in changed)

    def changed(self, before: Relation | None, after: Relation | None) -> Families:
        """The families once a relation is another one, there or gone."""
        if before is not None and after is not None and before.parents is after.parents and before.bound is after.bound:
            return self
        below = self._below
        if before is not None:
            for number in before.parents:
                left = below[number].without(before.number, before.bound)
                below = below.put(number, left) if left.numbers else below.without(number)
        if after is not None:
            for number in after.parents:
                below = below.put(number, below.get(number, _NONE).put(after.number, after.bound))
        return self if below is self._below else Families(below)


def _told(value: Value) -> tuple[str, str]:
    return type(value).__name__, repr(value)
