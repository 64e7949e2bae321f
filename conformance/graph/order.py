"""Edges in the order in which their nodes first appear: where all lead onward, no cycle lies among them.

A platform writes what a task depends on before the task, or always behind it. Where few edges step back, a cycle comes
down by them as far as it has come up: it lies within what they span together. What they span is one level, any other
node has its own; an edge within a level is left, and all others lead to a higher one. Whoever finds it so has looked at
each edge once, where peeling and merging take rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from conformance.graph.peel import SHARED
from conformance.graph.slots import GOLDEN, Keys, Pair, count, slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]

TRIED = 1024
"""Edges that are tried before the rest."""
RARE = 0.02
"""Steps back are rare where at most this share of the edges are."""
MOST = 1 << 20
"""Edges that steps back are sought among, for the sake of memory."""
_NONE = np.empty(0, np.uint64)
SPREAD = 0xBF58476D1CE4E5B9


def seem_onward(parts: Sequence[Pair]) -> bool:
    """Whether few of the first edges lead back."""
    return bool(_orders(parts))


def onward(parts: Sequence[Pair], most: int, name: int) -> list[Pair] | None:
    """At most `most` edges that join nodes with edges elsewhere, and those on cycles, wherever these edges may do so.

    None where that is not to be had. The keys of `parts` are told; `name` tells a group from others.
    """
    for turned in _orders(parts):
        a, b = _joined(parts, turned)
        levels = _Levels(a, b)
        inside = np.flatnonzero(levels.tails == levels.heads)
        if len(inside) <= most:
            left = [(a[inside], b[inside]), levels.ladder(name)]
            return [_turned(*pair, turned) for pair in left] if count(left) <= most else None
    return None


def near_steps_back(parts: Sequence[Pair]) -> list[Pair]:
    """Of each part the edges that may lie on a cycle of them all: those within a level."""
    orders = _orders(parts) if count(parts) <= MOST else []
    if not orders:
        return list(parts)
    levels = _Levels(*_joined(parts, orders[0]))
    ends = np.cumsum([len(a) for a, _ in parts])[:-1]
    inside = np.split(levels.tails == levels.heads, ends)
    return [(a[stay], b[stay]) for (a, b), stay in zip(parts, inside, strict=True)]


def _orders(parts: Sequence[Pair]) -> list[bool]:
    """Whether edges are turned round, for the ways in which few of the first edges lead back."""
    a, b = next((part for part in parts if len(part[0])), (_NONE, _NONE))
    found = []
    for turned in (False, True):
        at = _first(_ends(*_turned(a[:TRIED], b[:TRIED], turned)))
        if np.count_nonzero(at[0::2] >= at[1::2]) <= RARE * min(TRIED, len(a)):
            found.append(turned)
    return found


def _joined(parts: Sequence[Pair], turned: bool) -> Pair:
    return _turned(np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts]), turned)


def _turned(a: Keys, b: Keys, turned: bool) -> Pair:
    return (b, a) if turned else (a, b)


def _ends(a: Keys, b: Keys) -> Keys:
    """Both ends of each edge, one behind the other."""
    return np.stack([a, b], axis=1).reshape(-1)


def _first(keys: Keys) -> Positions:
    """Where each key appears first: one position for all that are equal."""
    bits = max(8, len(keys).bit_length() + 1)
    table = np.empty(1 << bits, np.int64)
    at = np.empty(len(keys), np.int64)
    odd, own = GOLDEN, np.arange(len(keys))
    while len(own):
        asked = keys[own]
        slot = slots(asked, bits, odd)
        table[slot[::-1]] = own[::-1]  # what is written last stays
        found = table[slot]
        at[own] = found
        own = own[keys[found] != asked]
        odd = odd * GOLDEN % (1 << 64)
    return at


class _Levels:
    """The levels of both ends of each edge, of which none leads to a lower one."""

    def __init__(self, a: Keys, b: Keys) -> None:
        self._nodes = _ends(a, b)
        self._at = _first(self._nodes)
        tails, heads = self._at[0::2], self._at[1::2]
        back = tails >= heads
        opened, closed = (np.bincount(ends[back], minlength=len(self._at)) for ends in (heads, tails))
        spanned = np.cumsum(opened) - np.cumsum(closed) + closed > 0
        level = np.ones(len(self._at), np.int64)
        level[1:] -= spanned[1:] & spanned[:-1]
        level = np.cumsum(level)
        self._spanned = spanned
        self._level = level
        self.tails: Positions = level[tails]
        self.heads: Positions = level[heads]

    def ladder(self, name: int) -> Pair:
        """Rungs of our own, each leading to the next, for the edges from one level to another.

        A node leads to the rung above its level, and is led to by that of its level.
        """
        across = self.tails != self.heads
        outgoing, incoming = (
            np.unique(at[np.flatnonzero(across & (self._spanned[at] | (keys & SHARED).astype(np.bool_)))])
            for at, keys in ((self._at[end::2], self._nodes[end::2]) for end in (0, 1))
        )
        levels = np.unique(self._level[np.concatenate([outgoing, incoming])])
        rungs = (np.arange(len(levels) + 1, dtype=np.uint64) + np.uint64(name << 40)) * np.uint64(SPREAD)
        above = rungs[np.searchsorted(levels, self._level[outgoing]) + 1]
        own = rungs[np.searchsorted(levels, self._level[incoming])]
        tails = [rungs[:-1], self._nodes[outgoing], own]
        heads = [rungs[1:], above, self._nodes[incoming]]
        return np.concatenate(tails), np.concatenate(heads)
