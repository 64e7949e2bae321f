"""Sifting edges by the keys of their ends, vectorised: peel, contract what peels slowly, find the cyclic rest.

Tables are addressed by a few bits of a key's product with an odd number; nodes that share a slot only let an edge stay
that might have gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from conformance.graph.chunk import Check, Chunk, Suspects
from conformance.graph.contract import Contraction, contract
from conformance.graph.kernel import cyclic_nodes
from conformance.graph.slots import slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

Keys: TypeAlias = "NDArray[np.uint64]"
Part: TypeAlias = tuple[int, Keys, Keys]

SLOW = 0.75
"""Peeling stops where a round leaves more than this share, and contraction takes over."""
FEW = 4096
"""So few edges are decided at once, in plain Python."""
LEAST_BITS = 12


def suspects(read: Callable[[], Iterable[Chunk]], check: Check, *, low_memory: bool) -> Suspects:
    """The edges of `read()` that may lie on a cycle.

    Where `low_memory` is true they are read a second time rather than kept while they are contracted.
    """
    parts = sorted((_part(chunk) for chunk in read()), key=lambda part: part[0])
    edges = _count(parts)
    bits = max(LEAST_BITS, (2 * edges).bit_length())
    parts = _peel(parts, bits, check, SLOW)
    left = _count(parts)
    if left <= FEW:
        return Suspects(edges=edges, chunks=_chunks(_cyclic(parts)), way="peeled on hashes")
    way = f"peeled on hashes, {left:,} edges contracted"
    working = [(a, b) for _, a, b in parts]
    if low_memory:
        parts = []
    contraction = contract(working, check)
    cyclic = cyclic_nodes(*contraction.kernel, check)
    if not len(cyclic):
        return Suspects(edges=edges, chunks=(), way=way)
    marks = _marks(contraction, cyclic, bits)
    if low_memory:
        parts = [part for chunk in read() if len((part := _marked(_part(chunk), marks, bits))[1])]
        parts.sort(key=lambda part: part[0])
        way += ", read twice"
    else:
        parts = [_marked(part, marks, bits) for part in parts]
    parts = _peel(parts, bits, check, 0.99)
    if _count(parts) <= FEW:
        parts = _cyclic(parts)
    return Suspects(edges=edges, chunks=_chunks(parts), way=way)


def _part(chunk: Chunk) -> Part:
    return chunk.place, np.frombuffer(chunk.sources, np.uint64), np.frombuffer(chunk.targets, np.uint64)


def _count(parts: Iterable[Part]) -> int:
    return sum(len(a) for _, a, _ in parts)


def _peel(parts: list[Part], bits: int, check: Check, slow: float) -> list[Part]:
    """Without the edges from where none arrives, then those to where none leaves, as long as it is worth it."""
    left = _count(parts)
    arrives = np.zeros(1 << bits, np.bool_)
    for _, _, b in parts:
        arrives[slots(b, bits)] = True
    while left > FEW:
        before = left
        leaves = np.zeros(1 << bits, np.bool_)
        for i, (place, a, b) in enumerate(parts):
            keep = arrives[slots(a, bits)]
            if not keep.all():
                a, b = a[keep], b[keep]
            leaves[slots(a, bits)] = True
            parts[i] = place, a, b
        check()
        arrives = np.zeros(1 << bits, np.bool_)
        for i, (place, a, b) in enumerate(parts):
            keep = leaves[slots(b, bits)]
            if not keep.all():
                a, b = a[keep], b[keep]
            arrives[slots(b, bits)] = True
            parts[i] = place, a, b
        check()
        parts = [part for part in parts if len(part[1])]
        left = _count(parts)
        if left > before * slow:
            break
    return parts


def _marks(contraction: Contraction, cyclic: Keys, bits: int) -> NDArray[np.bool_]:
    """By slot, whether a node was merged into a cyclic one, or is one."""
    marks = np.zeros(1 << bits, np.bool_)
    marks[slots(cyclic, bits)] = True
    for merged, into in reversed(contraction.log):
        marks[slots(merged[marks[slots(into, bits)]], bits)] = True
    return marks


def _marked(part: Part, marks: NDArray[np.bool_], bits: int) -> Part:
    place, a, b = part
    keep = marks[slots(a, bits)] & marks[slots(b, bits)]
    return place, a[keep], b[keep]


def _cyclic(parts: list[Part]) -> list[Part]:
    """The edges inside strongly connected components, of few."""
    if not _count(parts):
        return []
    nodes = cyclic_nodes(
        np.concatenate([a for _, a, _ in parts]), np.concatenate([b for _, _, b in parts]), lambda: None
    )
    kept = [(place, a[keep], b[keep]) for place, a, b in parts for keep in [np.isin(a, nodes) & np.isin(b, nodes)]]
    return [part for part in kept if len(part[1])]


def _chunks(parts: Iterable[Part]) -> tuple[Chunk, ...]:
    def each() -> Iterator[Chunk]:
        for place, a, b in parts:
            yield Chunk(place=place, sources=a.tobytes(), targets=b.tobytes())

    return tuple(each())
