"""Contraction: a node whose edges all come from one other node is merged into it.

Every cycle through such a node passes that edge, so a graph has a cycle exactly if the contracted one has. Where
peeling takes a chain one node a round, this takes a share of all nodes a round, and so chains, trees, diamonds and
whatever else has one entrance vanish in logarithmic rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.slots import GOLDEN, slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

Keys: TypeAlias = "NDArray[np.uint64]"
Pair: TypeAlias = tuple[Keys, Keys]

CLASS_BITS = 2
STUCK = 0.95
"""Contraction ends where a sweep leaves more than this share."""
JOIN = 1 << 15
"""Parts are joined until they are this long on the average."""


@dataclass(frozen=True, slots=True)
class Contraction:
    """The edges that are left, and what was merged into what, in order: `log[i][0][j]` into `log[i][1][j]`."""

    kernel: Pair
    log: list[Pair]


def contract(parts: list[Pair], check: Check) -> Contraction:
    """Contracts and peels the edges of `parts`, which it empties, until nothing is left or nothing helps."""
    log: list[Pair] = []
    odd = GOLDEN
    left = sum(len(a) for a, _ in parts)
    while left:
        before = left
        parts = _joined(parts)
        for number in range(1 << CLASS_BITS):
            _merge(parts, number, odd, log)
            check()
        _peel(parts, odd)
        check()
        left = sum(len(a) for a, _ in parts)
        odd = odd * GOLDEN % (1 << 64)
        if left > before * STUCK:
            break
    nothing = np.empty(0, np.uint64)
    return Contraction(
        (np.concatenate([nothing, *(a for a, _ in parts)]), np.concatenate([nothing, *(b for _, b in parts)])), log
    )


def _joined(parts: list[Pair]) -> list[Pair]:
    """The same edges in fewer parts, where these have become small."""
    left = sum(len(a) for a, _ in parts)
    if len(parts) <= 1 or left // len(parts) > JOIN:
        return parts
    size = -(-len(parts) // max(1, left // (2 * JOIN)))
    groups = [parts[i : i + size] for i in range(0, len(parts), size)]
    return [(np.concatenate([a for a, _ in group]), np.concatenate([b for _, b in group])) for group in groups]


def _merge(parts: list[Pair], number: int, odd: int, log: list[Pair]) -> None:
    """Merges the nodes of one class that have one predecessor, of another class: so no two merges meet."""
    left = sum(len(a) for a, _ in parts)
    bits = max(8, left.bit_length() - 1)
    node, into = np.empty(1 << bits, np.uint64), np.empty(1 << bits, np.uint64)
    barred = np.ones(1 << bits, np.bool_)
    entering: list[tuple[NDArray[np.intp], NDArray[np.int64]]] = []
    for a, b in parts:
        at = np.flatnonzero(slots(b, CLASS_BITS, odd) == number)
        heads = b[at]
        slot = slots(heads, bits, odd, CLASS_BITS)
        node[slot], into[slot], barred[slot] = heads, a[at], False
        entering.append((at, slot))
    for (a, b), (at, slot) in zip(parts, entering, strict=True):
        tails = a[at]
        other = (node[slot] != b[at]) | (into[slot] != tails) | (slots(tails, CLASS_BITS, odd) == number)
        barred[slot[other]] = True
    for i, ((a, b), (at, slot)) in enumerate(zip(parts, entering, strict=True)):
        gone = at[~barred[slot]]
        out = np.flatnonzero(slots(a, CLASS_BITS, odd) == number)
        tails = a[out]
        slot = slots(tails, bits, odd, CLASS_BITS)
        hit = ~barred[slot]
        hit &= node[slot] == tails
        if not len(gone) and not hit.any():
            continue
        if len(gone):
            log.append((b[gone], a[gone]))
        a = a.copy()
        a[out[hit]] = into[slot[hit]]
        keep = np.ones(len(a), np.bool_)
        keep[gone] = False
        parts[i] = a[keep], b[keep]


def _peel(parts: list[Pair], odd: int) -> None:
    """Takes the edges from where none arrives, then those to where none leaves."""
    bits = max(8, sum(len(a) for a, _ in parts).bit_length() + 1)
    arrives, leaves = np.zeros(1 << bits, np.bool_), np.zeros(1 << bits, np.bool_)
    for _, b in parts:
        arrives[slots(b, bits, odd)] = True
    for i, (a, b) in enumerate(parts):
        keep = arrives[slots(a, bits, odd)]
        a, b = a[keep], b[keep]
        leaves[slots(a, bits, odd)] = True
        parts[i] = a, b
    for i, (a, b) in enumerate(parts):
        keep = leaves[slots(b, bits, odd)]
        parts[i] = a[keep], b[keep]
    parts[:] = [part for part in parts if len(part[0])]
