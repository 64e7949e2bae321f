"""Reducing edges where they lie: a platform writes a graph at once, so its edges are close together in the table.

Nodes that have all their edges in one group of parts can be peeled and merged there, in tables that fit the processor's
cache, as if there was nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.contract import contract_locally
from conformance.graph.peel import SHARED, peel
from conformance.graph.slots import Keys, Pair, count, slots

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
    """For each node, the only group that has edges of it, or that there are several."""

    def __init__(self, grouped: Iterable[Iterable[Pair]], bits: int, check: Check) -> None:
        self._bits = bits
        self._group = np.zeros(1 << bits, np.uint8)
        for number, parts in enumerate(grouped, start=1):
            for ends in (end for pair in parts for end in pair):
                slot = slots(ends, bits)
                known = self._group[slot]
                known[known == 0] = number
                known[known != number] = _SEVERAL
                self._group[slot] = known
            check()

    def told(self, keys: Keys) -> Keys:
        """The keys, with a bit that says whether the node has edges elsewhere."""
        told: Keys = keys & ~SHARED
        told |= self._group[slots(keys, self._bits)] == _SEVERAL
        return told


def scattered(parts: list[Pair]) -> bool:
    """Whether most of these edges come from nodes that have edges elsewhere."""
    return sum(int(np.sum(a & SHARED)) for a, _ in parts) > SCATTERED * count(parts)


def reduced(parts: list[Pair], check: Check) -> list[Pair]:
    """What is left of a group's edges, whose keys are told, when it is reduced where it lies."""
    enough = count(parts) // ENOUGH
    peel(parts, check, slow=SLOW, local=True)
    parts = [part for part in parts if len(part[0])]
    contract_locally(parts, enough, check)
    return parts
