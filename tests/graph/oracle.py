"""Slow and obvious answers about small graphs, and ways to hash their nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from conformance.graph import decide, plain
from conformance.graph.chunk import Chunk, Suspects

Edge = tuple[int, int]
Hash = Callable[[int], int]
ROWS = 5


def reachable(edges: Sequence[Edge], start: int) -> set[int]:
    """The nodes that some walk of at least one edge leads to."""
    seen: set[int] = set()
    todo = [head for tail, head in edges if tail == start]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += [head for tail, head in edges if tail == node]
    return seen


def cyclic_edges(edges: Sequence[Edge]) -> list[Edge]:
    """The edges from whose head a walk leads back to the tail."""
    back = {node: reachable(edges, node) for node in {head for _, head in edges}}
    return [(tail, head) for tail, head in edges if tail == head or tail in back[head]]


def smallest_cycle(edges: Sequence[Edge]) -> tuple[int, ...] | None:
    """Of all simple cycles, each from its smallest node on: the shortest, then the smallest."""
    after = {tail: sorted({head for t, head in edges if t == tail}) for tail, _ in edges}
    for length in range(1, len(after) + 1):
        found = [walk for start in sorted(after) for walk in _walks(after, [start], length)]
        if found:
            return min(found)
    return None


def _walks(after: dict[int, list[int]], walk: list[int], length: int) -> Iterator[tuple[int, ...]]:
    if len(walk) == length:
        if walk[0] in after.get(walk[-1], ()):
            yield tuple(walk)
        return
    for head in after.get(walk[-1], ()):
        if head > walk[0] and head not in walk:
            yield from _walks(after, [*walk, head], length)


def spread(node: int) -> int:
    """A hash without collisions."""
    return (node * 0x9E3779B97F4A7C15 + 12345) % (1 << 64)


def colliding(modulus: int) -> Hash:
    """A hash with many."""
    return lambda node: node % modulus


def chunks(edges: Sequence[Edge], hashed: Hash = spread, rows: int = ROWS) -> Iterator[Chunk]:
    """The edges by their keys, as a table gives them."""
    for begin in range(0, len(edges), rows):
        part = edges[begin : begin + rows]
        tails, heads = (b"".join(hashed(edge[end]).to_bytes(8, "big") for edge in part) for end in (0, 1))
        yield Chunk(place=begin // rows, sources=tails, targets=heads)


def sifted(edges: Sequence[Edge], way: str, hashed: Hash = spread, rows: int = ROWS) -> Suspects:
    """What one of the ways of sifting leaves: `plain`, `numpy`, or `low memory`."""
    if way == "plain":
        return plain.suspects(chunks(edges, hashed, rows), lambda: None)
    from conformance.graph import sift

    def read(places: Sequence[int] | None) -> Iterator[Chunk]:
        return (chunk for chunk in chunks(edges, hashed, rows) if places is None or chunk.place in places)

    return sift.suspects(read, lambda: None, low_memory=way == "low memory")


def left(edges: Sequence[Edge], suspects: Suspects, hashed: Hash = spread) -> list[Edge]:
    """The edges that are suspected."""
    pairs = set()
    for chunk in suspects.chunks:
        for i in range(0, len(chunk.sources), 8):
            pairs.add((chunk.sources[i : i + 8], chunk.targets[i : i + 8]))
    named = {node: hashed(node).to_bytes(8, "big") for edge in edges for node in edge}
    return [(tail, head) for tail, head in edges if (named[tail], named[head]) in pairs]


def decided(edges: Sequence[Edge], suspects: Suspects, hashed: Hash = spread) -> decide.Decided:
    """What the whole ids of the suspected edges say."""
    rest = left(edges, suspects, hashed)
    tails, heads = (b"".join(edge[end].to_bytes(8, "big") for edge in rest) for end in (0, 1))
    return decide.decision([(tails, heads)], 8, lambda: None)
