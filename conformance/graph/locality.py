"""Reducing edges where they lie: a platform writes a graph at once, so its edges are close together in the table.

Nodes that have all their edges in one group of parts can be peeled and merged there, in tables that fit the processor's
cache, as if there was nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.contract import contract_locally
from conformance.graph.order import onward, seem_onward
from conformance.graph.peel import SHARED, peel
from conformance.graph.slots import ODDS, Keys, Pair, count, slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = 254
_SEVERAL = 255
SCATTERED = 0.5
"""Where more of the ends than this have edges elsewhere, nothing is reduced where it lies."""


SLOW = 0.75
"""Peeling stops where a round leaves more than this share, and contraction takes over."""
ENOUGH = 10
"""A group is left alone when a tenth of it is left: the rest is cheap anyhow."""


def groups(places: Sequence[int]) -> list[Sequence[int]]:
    """The places of each group: one each, or more where there are many."""
    size = max(1, -(-len(places) // GROUPS))
    return [places[first : first + size] for first in range(0, len(places), size)]


class Places:
    """For each node, the only group that has edges of it, or that there are several.

    Nodes that share a slot may be taken for one. Where most groups are in an order, those that seem to be in several
    are looked at again, among themselves: few of them share a slot there as well.
    """

    def __init__(self, grouped: Sequence[Sequence[Pair]], bits: int, check: Check) -> None:
        self._bits = bits
        self._first = np.zeros(1 << bits, np.uint8)
        self._again = None
        for number, keys in _ends(grouped):
            _enter(self._first, slots(keys, bits), number)
            check()
        if 2 * sum(map(seem_onward, grouped)) <= len(grouped):
            return
        self._again = np.zeros(1 << bits - 1, np.uint8)
        for number, keys in _ends(grouped):
            _enter(self._again, slots(keys[self._several(keys)], bits - 1, ODDS[1]), number)
            check()

    def told(self, keys: Keys) -> Keys:
        """The keys, with a bit that says whether the node has edges elsewhere."""
        told: Keys = keys & ~SHARED
        if self._again is None:
            told |= self._first[slots(keys, self._bits)] == _SEVERAL
            return told
        at = self._several(keys)
        several = self._again[slots(keys[at], self._bits - 1, ODDS[1])] == _SEVERAL
        told[at[several]] |= SHARED
        return told

    def _several(self, keys: Keys) -> NDArray[np.intp]:
        return np.flatnonzero(self._first[slots(keys, self._bits)] == _SEVERAL)


def _ends(grouped: Sequence[Sequence[Pair]]) -> Iterator[tuple[int, Keys]]:
    return ((number, keys) for number, parts in enumerate(grouped, start=1) for pair in parts for keys in pair)


def _enter(group: NDArray[np.uint8], slot: NDArray[np.int64], number: int) -> None:
    known = group[slot]
    known[known == 0] = number
    known[known != number] = _SEVERAL
    group[slot] = known


def scattered(parts: list[Pair]) -> bool:
    """Whether most of these edges come from nodes that have edges elsewhere."""
    return sum(int(np.sum(a & SHARED)) for a, _ in parts) > SCATTERED * count(parts)


def reduced(parts: list[Pair], number: int, check: Check) -> list[Pair]:
    """What is left of a group's edges, whose keys are told, when it is reduced where it lies."""
    enough = count(parts) // ENOUGH
    if (few := onward(parts, enough, number)) is not None:
        return few
    peel(parts, check, slow=SLOW, local=True)
    parts = [part for part in parts if len(part[0])]
    contract_locally(parts, enough, check)
    return parts
