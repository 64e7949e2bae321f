"""Maps that a change leaves as they were: the changed one shares with the old one all but a small part of it.

A schema is kept as it was at each savepoint, and a migration of thousands of tables changes one at a time: to copy all
of them each time would make the time go with their square.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar
from zlib import crc32

K = TypeVar("K", bound="int | tuple[str, str]")
V = TypeVar("V")

_SHELVES = 256


def _shelf(key: Any) -> int:
    """The same in each run, so that what is gone through is always in the same order."""
    if isinstance(key, int):
        return key % _SHELVES
    return crc32(key[1].encode("utf-8", "surrogatepass")) % _SHELVES


class Book(Mapping[K, V], Generic[K, V]):
    """A map from numbers, or from names in schemas."""

    __slots__ = ("_shelves", "_size")

    def __init__(self, shelves: tuple[dict[K, V], ...] = ({},) * _SHELVES, size: int = 0) -> None:
        self._shelves = shelves
        self._size = size

    def put(self, key: K, value: V) -> Book[K, V]:
        """The map with this entry."""
        place = _shelf(key)
        shelf = self._shelves[place]
        return self._with(place, {**shelf, key: value}, self._size + (key not in shelf))

    def without(self, key: K) -> Book[K, V]:
        """The map without this entry, if it has it."""
        place = _shelf(key)
        shelf = self._shelves[place]
        if key not in shelf:
            return self
        return self._with(place, {own: value for own, value in shelf.items() if own != key}, self._size - 1)

    def changed(self, before: Book[K, V]) -> Iterator[K]:
        """The keys of what was not there before, or was another thing."""
        for shelf, old in zip(self._shelves, before._shelves, strict=True):
            if shelf is not old:
                yield from (key for key, value in shelf.items() if old.get(key) is not value)

    def _with(self, place: int, shelf: dict[K, V], size: int) -> Book[K, V]:
        shelves = list(self._shelves)
        shelves[place] = shelf
        return Book(tuple(shelves), size)

    def __getitem__(self, key: K) -> V:
        return self._shelves[_shelf(key)][key]

    def __contains__(self, key: object) -> bool:
        return key in self._shelves[_shelf(key)]

    def __iter__(self) -> Iterator[K]:
        for shelf in self._shelves:
            yield from shelf

    def __len__(self) -> int:
        return self._size
