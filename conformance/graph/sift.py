"""Sifting edges by the keys of their ends, vectorised.

First a group of parts at a time, where they lie; then all that is left of them together. Where that is not nothing, the
parts that it came from are narrowed down to few edges around the cycles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from conformance.graph.chunk import Check, Chunk, Read, Suspects
from conformance.graph.contract import contract
from conformance.graph.kernel import cyclic_nodes
from conformance.graph.locality import Places, groups, reduced, scattered
from conformance.graph.peel import peel
from conformance.graph.slots import Marks, Pair, count

WORKERS = 2
"""Threads that reduce groups; numpy lets them run at once."""
SLOW = 0.75
"""Peeling stops where a round leaves more than this share, and contraction takes over."""


def suspects(read: Read, check: Check, *, low_memory: bool) -> Suspects:
    """The edges that may lie on a cycle. Where `low_memory` is true, chunks are read again rather than kept."""
    chunks: dict[int, list[Chunk]] = {}
    for chunk in read(None):
        chunks.setdefault(chunk.place, []).append(chunk)
    edges = sum(len(chunk) for several in chunks.values() for chunk in several)
    sifted = _Sifted(chunks, check, keep=not low_memory)
    way = f"sifted on hashes, {count(sifted.parts):,} edges not where they lie"
    peel(sifted.parts, check, slow=SLOW)
    before = list(sifted.parts)
    found = _around_cycles(sifted.parts, check)
    if found is None:
        return Suspects(edges=edges, chunks=(), way=way)
    places = {
        place for pair, group in zip(before, sifted.groups, strict=True) if len(found.between(pair)) for place in group
    }
    del before
    again: Iterable[Chunk] = (chunk for place in sorted(places & chunks.keys()) for chunk in chunks[place])
    if not places <= chunks.keys():
        again = read(sorted(places))
    return Suspects(edges=edges, chunks=_narrowed(again, sifted, found, check), way=way)


def _part(chunk: Chunk) -> Pair:
    return np.frombuffer(chunk.sources, np.uint64), np.frombuffer(chunk.targets, np.uint64)


class _Sifted:
    """What is left of each group's edges, and the places that each part of it came from.

    Takes out of `chunks` those that could not be reduced, or all unless they are to be kept.
    """

    def __init__(self, chunks: dict[int, list[Chunk]], check: Check, *, keep: bool) -> None:
        self.parts: list[Pair] = []
        self.groups: list[Sequence[int]] = []
        self.scattered: set[int] = set()

        def parts(places: Sequence[int]) -> Iterator[Pair]:
            return (_part(chunk) for place in places for chunk in chunks[place])

        grouped = groups(sorted(chunks))
        bits = max(12, (6 * sum(len(a) for places in grouped for a, _ in parts(places))).bit_length())
        self.told = Places(map(parts, grouped), bits, check).told

        def sifted(places: Sequence[int]) -> tuple[list[Pair], bool]:
            group = [(self.told(a), self.told(b)) for a, b in parts(places)]
            alone = scattered(group)
            if not alone:
                group = reduced(group, check)
            if alone or not keep:
                for place in places:
                    del chunks[place]
            return group, alone

        with ThreadPoolExecutor(WORKERS) as workers:
            for places, (group, alone) in zip(grouped, workers.map(sifted, grouped), strict=True):
                self.parts += group
                self.groups += [places] * len(group)
                if alone:
                    self.scattered.update(places)


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


def _narrowed(chunks: Iterable[Chunk], sifted: _Sifted, found: Marks, check: Check) -> tuple[Chunk, ...]:
    """Of these chunks, the edges that both follow a cycle and lead to one, as far as contraction tells."""
    left: list[tuple[int, Pair]] = []
    for chunk in chunks:
        a, b = _part(chunk)
        if chunk.place in sifted.scattered:  # all its nodes were looked at when the cycles were found
            at = found.between((sifted.told(a), sifted.told(b)))
            a, b = a[at], b[at]
        left.append((chunk.place, (a, b)))
    left.sort(key=lambda part: part[0])
    for turned in (False, True):
        parts = [pair[::-1] if turned else pair for _, pair in left]
        peel(parts, check, slow=SLOW)
        left = [(place, part[::-1] if turned else part) for (place, _), part in zip(left, parts, strict=True)]
        around = _around_cycles(parts, check)
        if around is None:
            return ()
        left = [(place, (a[at], b[at])) for place, (a, b) in left for at in [around.between((a, b))] if len(at)]
    return tuple(Chunk(place=place, sources=a.tobytes(), targets=b.tobytes()) for place, (a, b) in left)
