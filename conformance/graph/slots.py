"""Where a key's node stands in a table of a power of two, and sets of keys that may hold a few too many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Keys: TypeAlias = "NDArray[np.uint64]"
Pair: TypeAlias = tuple[Keys, Keys]

GOLDEN = 0x9E3779B97F4A7C15
ODDS = (GOLDEN, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


def slots(keys: Keys, bits: int, odd: int = GOLDEN, skip: int = 0) -> NDArray[np.int64]:
    """`bits` bits of each key's product with `odd`, behind the first `skip`."""
    product = keys * np.uint64(odd)
    if skip:
        product <<= np.uint64(skip)
    product >>= np.uint64(64 - bits)
    return product.view(np.int64)


def count(parts: Iterable[Pair]) -> int:
    """How many edges there are."""
    return sum(len(a) for a, _ in parts)


class Marks:
    """A set of keys: what was added is in it, and of the others one in a million."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._table = np.zeros(1 << bits, np.bool_)

    def add(self, keys: Keys) -> None:
        for odd in ODDS:
            self._table[slots(keys, self._bits, odd)] = True

    def have(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key whether it is in the set."""
        found = np.zeros(len(keys), np.bool_)
        at = np.arange(len(keys))
        for odd in ODDS:
            at = at[self._table[slots(keys[at], self._bits, odd)]]
        found[at] = True
        return found

    def between(self, pair: Pair) -> NDArray[np.intp]:
        """The positions of the edges whose ends are both in the set."""
        at = np.flatnonzero(self.have(pair[0]))
        return at[self.have(pair[1][at])]
