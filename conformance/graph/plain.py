"""Sifting edges by the keys of their ends, in plain Python: slow, at any size."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from conformance.graph.chunk import Check, Chunk, Suspects
from conformance.graph.components import components, graph
from conformance.graph.exact import inside

WORTH = 0.9
"""Peeling ends where a round leaves more than this share: what is left is decided in one linear pass."""


def suspects(chunks: Iterable[Chunk], check: Check) -> Suspects:
    """The edges among `chunks` whose ends, if keys were ids, lie in one component."""
    kept = [(chunk.place, array("Q", chunk.sources), array("Q", chunk.targets)) for chunk in chunks]
    kept.sort(key=lambda part: part[0])
    edges = sum(len(a) for _, a, _ in kept)
    kept = _peel(kept, (4 << max(edges, 1 << 10).bit_length()) - 1, check)
    return Suspects(edges=edges, chunks=tuple(_components(kept, check)), way="sifted in plain Python")


def _peel(
    kept: list[tuple[int, array[int], array[int]]], size: int, check: Check
) -> list[tuple[int, array[int], array[int]]]:
    """Without the edges from where none arrives, and those to where none leaves, as long as it is worth it."""
    left = sum(len(a) for _, a, _ in kept)
    arrives = bytearray(size)
    for _, _, b in kept:
        for key in b:
            arrives[key % size] = 1
    while left:
        before, left = left, 0
        leaves, arrived, peeled = bytearray(size), bytearray(size), []
        for place, a, b in kept:
            check()
            on = [i for i, key in enumerate(a) if arrives[key % size]]
            peeled.append((place, array("Q", (a[i] for i in on)), array("Q", (b[i] for i in on))))
            for key in peeled[-1][1]:
                leaves[key % size] = 1
        kept = []
        for place, a, b in peeled:
            check()
            on = [i for i, key in enumerate(b) if leaves[key % size]]
            if on:
                kept.append((place, array("Q", (a[i] for i in on)), array("Q", (b[i] for i in on))))
                for key in kept[-1][2]:
                    arrived[key % size] = 1
            left += len(on)
        arrives = arrived
        if left > before * WORTH:
            break
    return kept


def _components(kept: list[tuple[int, array[int], array[int]]], check: Check) -> Iterable[Chunk]:
    number: dict[int, int] = {}
    tails, heads = array("q"), array("q")
    for _, a, b in kept:
        check()
        tails.extend(number.setdefault(key, len(number)) for key in a)
        heads.extend(number.setdefault(key, len(number)) for key in b)
    of = components(graph(len(number), tails, heads)).of
    check()
    on, begin = inside(tails, heads, of), 0
    chosen = bytearray(len(tails))
    for i in on:
        chosen[i] = 1
    for place, a, b in kept:
        here = [i for i in range(len(a)) if chosen[begin + i]]
        begin += len(a)
        if here:
            yield Chunk(
                place=place,
                sources=array("Q", (a[i] for i in here)).tobytes(),
                targets=array("Q", (b[i] for i in here)).tobytes(),
            )
