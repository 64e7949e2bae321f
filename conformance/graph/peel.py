"""Peeling: an edge whose source no edge leads to, or from whose target none leads on, is on no cycle."""

from __future__ import annotations

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.slots import Pair, count, slots

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
        for i, (a, b) in enumerate(parts):
            keep = arrives[slots(a, bits)]
            if local:
                keep |= (a & SHARED).view(np.bool_)[::8]
            if not keep.all():
                a, b = parts[i] = a[keep], b[keep]
            leaves[slots(a, bits)] = True
        check()
        arrives.fill(False)
        for i, (a, b) in enumerate(parts):
            keep = leaves[slots(b, bits)]
            if local:
                keep |= (b & SHARED).view(np.bool_)[::8]
            if not keep.all():
                a, b = parts[i] = a[keep], b[keep]
            arrives[slots(b, bits)] = True
        check()
        left = count(parts)
        if left > before * slow:
            break
