"""Which relations another may matter to, so that what is done to one is no look at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING

from conformance.fold.book import Book

if TYPE_CHECKING:
    from conformance.fold.schema import Relation

_VIEW, _POLICY = ("view", ""), ("policy", "")


class Ties:
    """The numbers of relations by what they are tied to; a change gives other ones, and leaves these as they are."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Book[tuple[str, str], tuple[int, ...]] | None = None) -> None:
        self._numbers = Book() if numbers is None else numbers

    def changed(self, before: Relation | None, after: Relation | None) -> Ties:
        """The ties once a relation is another one, there or gone."""
        if before is not None and after is not None:
            same = before.references is after.references and before.policies is after.policies
            if same and (before.kind, before.owner) == (after.kind, after.owner):
                return self
        skipped = _skipped(before, after)
        old, new = _of(before, skipped), _of(after, skipped)
        numbers = self._numbers
        if before is not None:
            for tie in old - new:
                left = tuple(number for number in numbers[tie] if number != before.number)
                numbers = numbers.put(tie, left) if left else numbers.without(tie)
        if after is not None:
            for tie in new - old:
                found = numbers.get(tie, ())
                at = bisect_left(found, after.number)
                if found[at : at + 1] != (after.number,):
                    numbers = numbers.put(tie, (*found[:at], after.number, *found[at:]))
        return Ties(numbers)

    def numbers(self, *, views: bool, policies: bool, to: Iterable[int]) -> list[int]:
        """In order: those of the views, of what has policies, and of what has to do with tables of these numbers."""
        ties = [_VIEW] * views + [_POLICY] * policies + [_to(number) for number in to]
        return sorted({number for tie in ties for number in self._numbers.get(tie, ())})


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many are the same in front."""
    return next(compress(count(), map(is_not, one, other)), min(len(one), len(other)))


def _to(number: int) -> tuple[str, str]:
    return "table", str(number)


def _skipped(before: Relation | None, after: Relation | None) -> int:
    """How many foreign keys are the same in front, where nothing but others behind them came."""
    if before is None or after is None:
        return 0
    same = alike(before.references, after.references)
    return same if same == len(before.references) else 0


def _of(one: Relation | None, skipped: int) -> set[tuple[str, str]]:
    if one is None:
        return set()
    found = {_to(key.target) for key in one.references[skipped:]}
    if one.kind in "vm":
        found.add(_VIEW)
    if one.policies:
        found.add(_POLICY)
    if one.owner is not None:
        found.add(_to(one.owner[0]))
    return found
