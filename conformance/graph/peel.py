"""Peeling: an edge whose source no edge leads to, or from whose target none leads on, is on no cycle."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.slots import Pair, count, slots
from conformance.graph.threads import each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marked = NDArray[np.bool_]

SHARED = np.uint64(1)
"""The bit of a key that says that its node has edges elsewhere, where only a share of all edges is looked at."""


def peel(parts: list[Pair], check: Check, *, slow: float, rounds: int = 1 << 30, local: bool = False) -> None:
    """Peels `parts` in place, until a round leaves more than the share `slow` or `rounds` are over.

    Parts may become empty. Where `local` is true, nodes with edges elsewhere count as led to and leading on.
    """
    left = count(parts)
    bits = max(8, left.bit_length() + 1)
    arrives = np.zeros(1 << bits, np.bool_)
    for _, b in parts:
        arrives[slots(b, bits)] = True
    while left and rounds:
        rounds -= 1
        before = left
        leaves = np.zeros(1 << bits, np.bool_)
        _keep(parts, 0, arrives, leaves, local=local)
        check()
        arrives.fill(False)
        _keep(parts, 1, leaves, arrives, local=local)
        check()
        left = count(parts)
        if left > before * slow:
            break


def _keep(parts: list[Pair], end: int, marked: Marked, marks: Marked, *, local: bool) -> None:
    """Keeps the edges of which this end is marked, and marks it in the other table for those."""
    bits = marked.size.bit_length() - 1

    def one(i: int) -> None:
        a, b = pair = parts[i]
        keep = marked[slots(pair[end], bits)]
        if local:
            keep |= (pair[end] & SHARED).view(np.bool_)[::8]
        if not keep.all():
            pair = parts[i] = a[keep], b[keep]
        marks[slots(pair[end], bits)] = True

    deque(each(one, range(len(parts)), count(parts)), maxlen=0)
