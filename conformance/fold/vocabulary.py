"""A set of words that grows with the statements, of which each is kept as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from zlib import crc32

_SHELVES = 256


class Vocabulary(Set[str]):
    """Words; one more gives another vocabulary, which shares with the old one all but a small part of it."""

    __slots__ = ("_shelves", "_size")

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._shelves: tuple[frozenset[str], ...] = (frozenset(),) * _SHELVES
        self._size = 0
        self._take(words)

    def adding(self, words: Iterable[str]) -> Vocabulary:
        """With these words too."""
        new = [word for word in words if word not in self]
        if not new:
            return self
        made = Vocabulary()
        made._shelves, made._size = self._shelves, self._size
        made._take(new)
        return made

    def _take(self, words: Iterable[str]) -> None:
        shelves = list(self._shelves)
        for word in set(words):
            place = _shelf(word)
            self._size += word not in shelves[place]
            shelves[place] |= {word}
        self._shelves = tuple(shelves)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self._shelves[_shelf(word)]

    def __iter__(self) -> Iterator[str]:
        for shelf in self._shelves:
            yield from sorted(shelf)

    def __len__(self) -> int:
        return self._size


def _shelf(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) % _SHELVES
