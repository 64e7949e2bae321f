"""Contraction: a node whose edges all come from one other node is merged into it.

Every cycle through such a node passes that edge, so a graph has a cycle exactly if the contracted one has. Where
peeling takes a chain one node a round, this takes a share of all nodes a round, and so chains, trees, diamonds and
whatever else has one entrance vanish in logarithmic rounds.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.peel import SHARED, peel
from conformance.graph.slots import GOLDEN, Keys, Pair, count, slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASS_BITS = 2
_SOME = tuple(np.array([key], np.uint64) for key in range(1, 64))
STUCK = 0.98
"""Contraction ends where a sweep leaves more than this share."""
SLOW = 0.8
"""Local contraction ends where a sweep leaves more than this share: what it saves, it must not cost."""
FEW = 1 << 14
"""Of so few edges a sweep may also leave all but one."""
SWEEPS = 250
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
    left = count(parts)
    table = _table(left)
    for _ in range(SWEEPS):
        before = left
        parts[:] = _joined(parts)
        if table.size > 2 << max(8, left.bit_length() - 1):
            table = _table(left)
        _sweep(parts, odd, table, check, log)
        left = count(parts)
        odd = odd * GOLDEN % (1 << 64)
        if left == 0 or left > before * (STUCK if left > FEW else 1 - 1 / before):
            break
    nothing = np.empty(0, np.uint64)
    return Contraction(
        (np.concatenate([nothing, *(a for a, _ in parts)]), np.concatenate([nothing, *(b for _, b in parts)])), log
    )


def entrances(tails: array[int], heads: array[int], check: Check) -> list[int]:
    """Nodes of which every cycle of these edges, by numbers, meets one: often few, as those that were merged need none.

    Whoever comes to a node that was merged has passed the node that it was merged into.
    """
    pair = (np.frombuffer(tails, np.uint64), np.frombuffer(heads, np.uint64))
    kernel = contract([pair], check).kernel
    nodes: list[int] = np.unique(np.concatenate(kernel)).tolist()
    return nodes


def contract_locally(parts: list[Pair], enough: int, check: Check) -> None:
    """Contracts and peels a share of all edges, until `enough` are left or it is slow.

    Nodes with edges elsewhere stay. Works in place.
    """
    odd = GOLDEN
    left = count(parts)
    table = _table(left)
    while left > enough:
        before = left
        _sweep(parts, odd, table, check, None)
        left = count(parts)
        odd = odd * GOLDEN % (1 << 64)
        if left > before * SLOW:
            break


def _sweep(parts: list[Pair], odd: int, table: Keys, check: Check, log: list[Pair] | None) -> None:
    """Merges the nodes of each class, and peels; without a log, only where all edges are at hand."""
    views = [_View(a, b, odd, local=log is None) for a, b in parts]
    for number in range(1 << CLASS_BITS):
        _merge(views, number, odd, table, log)
        check()
    parts[:] = [(view.a[view.keep], view.b[view.keep]) for view in views]
    del views
    peel(parts, check, slow=0, rounds=1, local=log is None)
    parts[:] = [part for part in parts if len(part[0])]


def _table(edges: int) -> Keys:
    """Slots for the nodes of one class, half of them free."""
    return np.empty(2 << max(8, edges.bit_length() - 1), np.uint64)


def _joined(parts: list[Pair]) -> list[Pair]:
    """The same edges in fewer parts, where these have become small."""
    left = count(parts)
    if len(parts) <= 1 or left // len(parts) > JOIN:
        return parts
    size = -(-len(parts) // max(1, left // (2 * JOIN)))
    groups = [parts[i : i + size] for i in range(0, len(parts), size)]
    return [(np.concatenate([a for a, _ in group]), np.concatenate([b for _, b in group])) for group in groups]


class _View:
    """A part in a sweep: its edges, the classes of their ends, and which of them are still there.

    An edge whose head has been merged has that head's class, whose turn is over: it need not be taken out at once.
    """

    def __init__(self, a: Keys, b: Keys, odd: int, *, local: bool) -> None:
        self.a, self.b = a.copy(), b
        self.tail_class = slots(a, CLASS_BITS, odd).astype(np.uint8)
        self.head_class = slots(b, CLASS_BITS, odd).astype(np.uint8)
        if local:
            self.head_class[(b & SHARED).view(np.bool_)[::8]] = 1 << CLASS_BITS  # never its turn
        self.keep = np.ones(len(a), np.bool_)


def _merge(views: list[_View], number: int, odd: int, table: Keys, log: list[Pair] | None) -> None:
    """Merges the nodes of one class that have one predecessor, of another class: so no two merges meet.

    `table` has for each slot a node and its predecessor side by side, which is one access to memory.
    """
    bits = table.size.bit_length() - 2
    node, into = table[0::2], table[1::2]
    nobody = next(key for key in _SOME if slots(key, CLASS_BITS, odd)[0] != number)
    table.fill(nobody[0])
    entering: list[tuple[NDArray[np.intp], NDArray[np.int64], Keys, Keys]] = []
    for view in views:
        at = np.flatnonzero(view.head_class == number)
        heads, tails = view.b[at], view.a[at]
        slot = slots(heads, bits, odd, CLASS_BITS)
        node[slot], into[slot] = heads, tails
        entering.append((at, slot, heads, tails))
    for view, (at, slot, heads, tails) in zip(views, entering, strict=True):
        other = view.tail_class[at] == number
        other |= into[slot] != tails
        other |= node[slot] != heads
        node[slot[other]] = nobody
    for view, (at, slot, heads, tails) in zip(views, entering, strict=True):
        merged = np.flatnonzero(node[slot] == heads)
        view.keep[at[merged]] = False
        if log is not None and len(merged):
            log.append((heads[merged], tails[merged]))
        out = np.flatnonzero(view.tail_class == number)
        tails = view.a[out]
        slot = slots(tails, bits, odd, CLASS_BITS)
        hit = np.flatnonzero(node[slot] == tails)
        out, moved = out[hit], into[slot[hit]]
        view.a[out] = moved
        view.tail_class[out] = slots(moved, CLASS_BITS, odd)
