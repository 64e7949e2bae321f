"""Sifting edges by the keys of their ends, vectorised.

First a group of parts at a time, where they lie; then all that is left of them together. Where that is not nothing, the
parts that it came from are narrowed down to few edges around the cycles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from mmap import mmap

import numpy as np

from conformance.graph.chunk import Check, Chunk, Read, Suspects
from conformance.graph.contract import contract
from conformance.graph.kernel import cyclic_nodes
from conformance.graph.locality import Places, groups, reduced, scattered
from conformance.graph.order import near_steps_back
from conformance.graph.peel import peel
from conformance.graph.slots import Marks, Pair, count
from conformance.graph.threads import each

TWICE = 6_000_000
"""Edges that are scattered are kept beside what is left of them, which is all, up to so many."""
SLOW = 0.75
"""Peeling stops where a round leaves more than this share, and contraction takes over."""

FEW = 8_000
"""So few edges are not narrowed down: deciding on their whole ids is quicker."""


def suspects(read: Read, check: Check, *, low_memory: bool) -> Suspects:
    """The edges that may lie on a cycle. Where `low_memory` is true, chunks are read again rather than kept."""
    kept: dict[int, list[Pair]] = {}
    for chunk in read(None):
        kept.setdefault(chunk.place, []).append(_part(chunk, returned=low_memory))
    edges = sum(map(count, kept.values()))
    sifted = _Sifted(kept, edges, check, keep=not low_memory)
    way = f"sifted on hashes, {count(sifted.parts):,} edges not where they lie"
    peel(sifted.parts, check, slow=SLOW)
    before = [
        pair if group[0] not in sifted.scattered else None
        for pair, group in zip(sifted.parts, sifted.groups, strict=True)
    ]
    found = _around_cycles(sifted.parts, check)
    if found is None:
        return Suspects(edges=edges, chunks=(), way=way)
    places = set(sifted.scattered)  # whose edges are told apart below, and were not held meanwhile
    for pair, group in zip(before, sifted.groups, strict=True):
        if pair is not None and len(found.between(pair)):
            places.update(group)
    del before
    held = ((place, pair) for place in sorted(places & kept.keys()) for pair in kept[place])
    dropped = sorted(places - kept.keys())
    again = ((chunk.place, _part(chunk)) for chunk in (read(dropped) if dropped else ()))
    return Suspects(edges=edges, chunks=_narrowed(chain(held, again), sifted, found, check), way=way)


def _part(chunk: Chunk, *, returned: bool = False) -> Pair:
    """The keys of a chunk; where `returned` is true, in memory that goes back to the system when they are dropped."""
    ends = (chunk.sources, chunk.targets)
    a, b = (np.frombuffer(_apart(keys) if returned else keys, np.uint64, len(chunk)) for keys in ends)
    return a, b


def _apart(keys: bytes) -> mmap:
    """A copy in pages of its own: an allocator keeps what lies between other things."""
    pages = mmap(-1, max(1, len(keys)))
    pages.write(keys)
    return pages


class _Sifted:
    """What is left of each group's edges, all of which are so many, and the places that each part of it came from.

    Takes out of `kept` many that could not be reduced, or all unless they are to be kept.
    """

    def __init__(self, kept: dict[int, list[Pair]], edges: int, check: Check, *, keep: bool) -> None:
        self.edges = edges
        self.parts: list[Pair] = []
        self.groups: list[Sequence[int]] = []
        self.scattered: set[int] = set()

        def parts(places: Sequence[int]) -> list[Pair]:
            return [pair for place in places for pair in kept[place]]

        grouped = groups(sorted(kept))
        bits = max(12, (6 * edges).bit_length())
        self.told = Places([parts(places) for places in grouped], bits, check).told

        def sifted(places: Sequence[int]) -> tuple[list[Pair], bool]:
            group = [(self.told(a), self.told(b)) for a, b in parts(places)]
            alone = scattered(group)
            if not alone:
                group = reduced(group, places[0], check)
            if not keep:
                for place in places:
                    del kept[place]
            return group, alone

        twice = 0
        for places, (group, alone) in zip(grouped, each(sifted, grouped, edges), strict=True):
            self.parts += group
            self.groups += [places] * len(group)
            if alone:
                self.scattered.update(places)
                twice += count(group)
            if alone and keep and twice > TWICE:
                for place in places:
                    del kept[place]


def _around_cycles(parts: list[Pair], check: Check) -> Marks | None:
    """The nodes that contraction merges into nodes on cycles, or None where there are no cycles. Empties `parts`."""
    edges = count(parts)
    contraction = contract(parts, check)
    cyclic = cyclic_nodes(*contraction.kernel, check)
    if not len(cyclic):
        return None
    marks = Marks(max(12, (8 * edges).bit_length()))
    marks.add(cyclic)
    for merged, into in reversed(contraction.log):
        marks.add(merged[marks.have(into)])
    return marks


def _narrowed(parts_of: Iterable[tuple[int, Pair]], sifted: _Sifted, found: Marks, check: Check) -> tuple[Chunk, ...]:
    """Of the edges of these places, those that both follow a cycle and lead to one, as far as contraction tells."""

    def around(part: tuple[int, Pair]) -> tuple[int, Pair]:
        place, (a, b) = part
        if place not in sifted.scattered:
            return part
        at = found.between((sifted.told(a), sifted.told(b)))  # all its nodes were looked at when the cycles were found
        return place, (a[at], b[at])

    left = sorted(each(around, parts_of, sifted.edges), key=lambda part: part[0])
    left = [(place, pair) for (place, _), pair in zip(left, near_steps_back([pair for _, pair in left]), strict=True)]
    for turned in (False, True):
        if count(pair for _, pair in left) <= FEW:
            break
        parts = [pair[::-1] if turned else pair for _, pair in left]
        peel(parts, check, slow=SLOW)
        left = [(place, part[::-1] if turned else part) for (place, _), part in zip(left, parts, strict=True)]
        cyclic = _around_cycles(parts, check)
        if cyclic is None:
            return ()
        left = [(place, (a[at], b[at])) for place, (a, b) in left for at in [cyclic.between((a, b))] if len(at)]
    return tuple(Chunk(place=place, sources=a.tobytes(), targets=b.tobytes()) for place, (a, b) in left)
