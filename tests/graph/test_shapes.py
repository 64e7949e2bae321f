"""Large graphs of the shapes that break naive ways, clean and with one cycle, whose answer is known beforehand."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from oracle import Edge, decided, sifted

ROWS = 5_000
WAYS = ("numpy", "low memory", "plain")
SHAPES: dict[str, Callable[[], list[Edge]]] = {}


def shape(make: Callable[[], list[Edge]]) -> Callable[[], list[Edge]]:
    SHAPES[make.__name__] = make
    return make


@shape
def twenties() -> list[Edge]:
    draw = random.Random(1)
    pairs = [(20 * (i // 30), draw.sample(range(20), 2)) for i in range(60_000)]
    return [(base + min(pair), base + max(pair)) for base, pair in pairs]


@shape
def one_large() -> list[Edge]:
    draw = random.Random(2)
    pairs = [draw.sample(range(20_000), 2) for _ in range(60_000)]
    return [(min(pair), max(pair)) for pair in pairs]


@shape
def diamonds() -> list[Edge]:
    return [(3 * i + a, 3 * i + b) for i in range(15_000) for a, b in ((0, 1), (0, 2), (1, 3), (2, 3))]


@shape
def chain() -> list[Edge]:
    return [(i, i + 1) for i in range(100_000)]


@shape
def shuffled_chain() -> list[Edge]:
    edges = [(i, i + 1) for i in range(60_000)]
    random.Random(3).shuffle(edges)
    return edges


@shape
def fans() -> list[Edge]:
    return [
        edge
        for hub in range(0, 80_000, 2_000)
        for i in range(1, 1_000)
        for edge in ((hub, hub + i), (hub + i, hub + 1999))
    ]


@shape
def grid() -> list[Edge]:
    side = 170
    right = [(side * y + x, side * y + x + 1) for y in range(side) for x in range(side - 1)]
    return right + [(side * y + x, side * y + x + side) for y in range(side - 1) for x in range(side)]


@shape
def ladder() -> list[Edge]:
    """Each node has two predecessors of two graphs: nothing can be merged, and peeling takes a rung a round."""
    rungs = [(2 * i, 2 * i + 1) for i in range(20_000)]
    return [(a, b + 2) for rung in rungs for a in rung for b in rung]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SHAPES)
def test_a_clean_graph_is_proven_so(name: str, way: str) -> None:
    edges = SHAPES[name]()
    suspects = sifted(edges, way, rows=ROWS)
    assert (suspects.edges, suspects.left) == (len(edges), 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SHAPES)
def test_one_edge_back_is_found(name: str, way: str) -> None:
    """At the far end of the table: against an edge, so that the shortest cycle is these two."""
    edges = SHAPES[name]()
    tail, head = edges[-7]
    edges.append((head, tail))
    found = decided(edges, sifted(edges, way, rows=ROWS))
    assert (found.cycle, found.shortest) == ((tail, head), True)
    assert found.cyclic_edges >= 2


@pytest.mark.parametrize("way", WAYS)
def test_a_chain_that_bites_its_tail(way: str) -> None:
    edges = [*chain(), (100_000, 0)]
    found = decided(edges, sifted(edges, way, rows=ROWS))
    assert (found.cycle, found.shortest, found.cyclic_edges) == (tuple(range(100_001)), True, 100_001)


@pytest.mark.parametrize("way", WAYS)
def test_a_large_component_is_searched_within_bounds(way: str) -> None:
    draw = random.Random(4)
    edges = [(i, (i + 1) % 30_000) for i in range(30_000)] + [
        (i, draw.randrange(30_000)) for i in range(30_000) for _ in range(2)
    ]
    edges = [(tail, head) for tail, head in edges if tail != head]
    there = set(edges)
    edges = [(tail, head) for tail, head in edges if tail < head or (head, tail) not in there]
    found = decided(edges, sifted(edges, way, rows=ROWS))
    assert found.cyclic_edges > 80_000
    assert found.cycle is not None
    assert {*zip(found.cycle, (*found.cycle[1:], found.cycle[0]), strict=True)} <= there  # type: ignore[comparison-overlap]
