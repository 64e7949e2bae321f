"""Edges that mostly lead onward, in groups: what the order of the first appearance proves, and that errors in it are noticed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Edge, cyclic_edges, decided, left, reachable, sifted, smallest_cycle, spread

from conformance.graph import locality, order, sift
from conformance.graph.slots import Pair

ROWS = (3, 6, 40)


@pytest.fixture(scope="module", autouse=True)
def _any_share() -> Iterator[None]:
    """So few edges are taken for many, whatever share of them leads back or is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sift, "FEW", 0)
        patch.setattr(locality, "ENOUGH", 1 / 9)
        patch.setattr(order, "RARE", 1.0)
        yield


@st.composite
def written(draw: st.DrawFn) -> list[Edge]:
    """A graph as it is written: nodes by their numbers, some edges to earlier ones, some rows out of place."""
    edges: list[Edge] = []
    for node in range(1, draw(st.integers(2, 14))):
        edges += [(other, node) for other in draw(st.sets(st.integers(0, node - 1), min_size=1, max_size=2))]
    for _ in range(draw(st.integers(0, 2))):
        edges.insert(draw(st.integers(0, len(edges))), draw(st.tuples(st.integers(0, 14), st.integers(0, 14))))
    for _ in range(draw(st.integers(0, 2))):
        edges.insert(draw(st.integers(0, len(edges) - 1)), edges.pop())
    return [edge[::-1] for edge in edges] if draw(st.booleans()) else edges


def agrees(edges: list[Edge], rows: int, way: str = "numpy") -> bool:
    suspects = sifted(edges, way, rows=rows)
    found = decided(edges, suspects)
    return (found.cycle, found.cyclic_edges) == (smallest_cycle(edges), len(cyclic_edges(edges)))


def pair(edges: list[Edge], *, shared: frozenset[int] = frozenset()) -> Pair:
    """Their keys, told: of these nodes, that they have edges elsewhere."""
    told = {node: spread(node) & ~1 | (node in shared) for edge in edges for node in edge}
    a, b = (np.array([told[edge[end]] for edge in edges], np.uint64) for end in (0, 1))
    return a, b


@pytest.mark.parametrize("way", ["numpy", "low memory"])
@pytest.mark.parametrize("rows", ROWS)
@settings(max_examples=200, deadline=None)
@given(edges=written())
def test_the_oracle_agrees(way: str, rows: int, edges: list[Edge]) -> None:
    assert agrees(edges, rows, way)
    assert set(cyclic_edges(edges)) <= set(left(edges, sifted(edges, way, rows=rows)))


@settings(max_examples=500, deadline=None)
@given(edges=written(), size=st.integers(1, 9))
def test_steps_back_leave_what_lies_on_cycles(edges: list[Edge], size: int) -> None:
    parts = [pair(edges[i : i + size]) for i in range(0, len(edges), size)]
    rest = order.near_steps_back(parts)
    found = {(int(a), int(b)) for part in rest for a, b in zip(*part, strict=True)}
    assert {(spread(a) & ~1, spread(b) & ~1) for a, b in cyclic_edges(edges)} <= found
    for before, after in zip(parts, rest, strict=True):
        assert set(zip(*map(list, after), strict=True)) <= set(zip(*map(list, before), strict=True))


@settings(max_examples=500, deadline=None)
@given(edges=written(), shared=st.frozensets(st.integers(0, 14)))
def test_whoever_can_be_reached_from_elsewhere_still_can(edges: list[Edge], shared: frozenset[int]) -> None:
    few = order.onward([pair(edges, shared=shared)], 1000, 7)
    assert few is not None
    ends = [(int(a), int(b)) for part in few for a, b in zip(*part, strict=True)]
    number = {key: n for n, key in enumerate({key for edge in ends for key in edge})}
    kept = [(number[a], number[b]) for a, b in ends]
    of = {node: number.get(spread(node) & ~1 | 1) for node in shared}
    for node in shared:
        before, after = reachable(edges, node), reachable(kept, of[node]) if of[node] is not None else set()
        assert {of[other] for other in before & shared} <= after
    assert bool(cyclic_edges(kept)) == bool(cyclic_edges(edges))  # what leads onward alone feigns none


def test_a_long_chain_leaves_its_ends() -> None:
    edges = [(i, i + 1) for i in range(5000)]
    few = order.onward([pair(edges, shared=frozenset({0, 5000}))], 500, 1)
    assert few is not None
    assert sum(len(a) for a, _ in few) == 4
    assert order.onward([pair(edges, shared=frozenset(range(5001)))], 500, 1) is None


def test_edges_in_no_order_are_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "RARE", 0.02)
    mixed = [(i * 7919 % 1009, i * 104729 % 1009) for i in range(1, 1000)]
    assert order.onward([pair(mixed)], 100, 1) is None
    assert order.near_steps_back([pair(mixed)])[0][0] is not None
    assert not order.seem_onward([pair(mixed)])
    assert order.seem_onward([pair([(i, i + 1) for i in range(1000)])])


# --- sabotage: each step broken once is noticed ---

RING = [(i, i + 1) for i in range(30)] + [(30, 11)]
SCENES = [RING, RING[::-1], [(b, a) for a, b in RING], [(1, 1)], [*RING[:20], (4, 2), *RING[20:], (50, 3)]]


def noticed() -> bool:
    return not all(agrees(list(scene), rows) for scene in SCENES for rows in ROWS)


def test_the_scenes_pass_unbroken() -> None:
    assert not noticed()


def test_a_ladder_that_lacks_its_rungs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = np.empty(0, np.uint64)
    monkeypatch.setattr(order._Levels, "ladder", lambda *_: (nothing, nothing))
    assert noticed()


def test_levels_that_span_too_little_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = order._Levels.__init__

    def broken(self: order._Levels, *ends: order.Keys) -> None:
        sound(self, *ends)
        self.heads = self.heads + 1

    monkeypatch.setattr(order._Levels, "__init__", broken)
    assert noticed()


def test_a_place_that_is_not_the_same_twice_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_first", lambda keys: np.arange(len(keys)))
    assert noticed()
