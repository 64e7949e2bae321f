"""Small graphs against a slow and obvious oracle, whatever the hash; and that the oracle would notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Edge, Hash, colliding, cyclic_edges, decided, left, sifted, smallest_cycle, spread

from conformance.graph import components, contract, decide, exact, locality, peel, plain, shortest, sift, threads

WAYS = ("numpy", "low memory", "plain")
HASHES = {"spread": spread, "mod 7": colliding(7), "mod 3": colliding(3), "one": colliding(1)}


@pytest.fixture(scope="module", autouse=True)
def _as_many() -> Iterator[None]:
    """These graphs are narrowed down as if they were large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sift, "FEW", 0)
        yield


@st.composite
def digraphs(draw: st.DrawFn) -> list[Edge]:
    """Any, or a few edges back in one that has none."""
    count = draw(st.integers(1, 13))
    nodes = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(nodes, nodes), max_size=24))
    if draw(st.booleans()):
        back = draw(st.integers(0, 2))
        edges = [edge for i, edge in enumerate(edges) if i < back or edge[0] < edge[1]]
    return edges


def agrees(edges: list[Edge], way: str, hashed: Hash) -> bool:
    suspects = sifted(edges, way, hashed)
    found = decided(edges, suspects, hashed)
    return (suspects.edges, found.cycle, found.cyclic_edges, found.shortest) == (
        len(edges),
        smallest_cycle(edges),
        len(cyclic_edges(edges)),
        True,
    )


@pytest.mark.parametrize("hashed", HASHES)
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=500, deadline=None)
@given(edges=digraphs())
def test_the_oracle_agrees(way: str, hashed: str, edges: list[Edge]) -> None:
    assert agrees(edges, way, HASHES[hashed])


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=300, deadline=None)
@given(edges=digraphs())
def test_nothing_on_a_cycle_is_taken(way: str, edges: list[Edge]) -> None:
    for hashed in HASHES.values():
        assert set(cyclic_edges(edges)) <= set(left(edges, sifted(edges, way, hashed), hashed))


@settings(max_examples=300, deadline=None)
@given(edges=digraphs(), twice=st.integers(0, 24))
def test_scattered_edges_that_were_dropped_are_read_again(edges: list[Edge], twice: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sift, "TWICE", twice)
        assert agrees(edges, "numpy", spread)


@settings(max_examples=100, deadline=None)
@given(edges=digraphs())
def test_two_threads_find_what_one_finds(edges: list[Edge]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "MANY", 0)
        assert agrees(edges, "numpy", spread)


@settings(max_examples=500, deadline=None)
@given(edges=digraphs(), shift=st.integers(-20, 0))
def test_many_ids_are_decided_as_few_are(edges: list[Edge], shift: int) -> None:
    ends = [b"".join((edge[end] + shift).to_bytes(8, "big", signed=True) for edge in edges) for end in (0, 1)]
    few = decide.decision([(ends[0], ends[1])], 8, lambda: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "MANY", 1)
        assert decide.decision([(ends[0], ends[1])], 8, lambda: None) == few
        wide = [b"".join(b"\x80" * 7 + bytes([edge[end]]) + b"\xff" * 8 for edge in edges) for end in (0, 1)]
        many = decide.decision([(wide[0], wide[1])], 16, lambda: None)
    assert (many.cyclic_edges, many.shortest) == (few.cyclic_edges, few.shortest)
    assert tuple(id_[7] + shift for id_ in many.cycle or () if isinstance(id_, bytes)) == (few.cycle or ())


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=200, deadline=None)
@given(edges=digraphs(), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(way: str, edges: list[Edge], seed: object) -> None:
    mixed = list(edges)
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = (decided(rows, sifted(rows, way)) for rows in (edges, mixed))  # which may have looked at more edges
    assert (one.cycle, one.shortest, one.cyclic_edges) == (other.cycle, other.shortest, other.cyclic_edges)


# --- sabotage: each step broken once is noticed ---

LOOP, RING, TAIL = [(4, 4)], [(1, 2), (2, 3), (3, 1)], [(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (0, 1)]
TWO = [(1, 2), (2, 3), (3, 4), (4, 1), (3, 1)]
SCENES = (LOOP, RING, TAIL, TWO, [(2, 1), (3, 2)], [(9, 8), (8, 9), (1, 2), (2, 1)])


def noticed(way: str, hashed: Hash = spread) -> bool:
    return not all(agrees(list(edges), way, hashed) for edges in SCENES)


def noticed_in_parts(way: str) -> bool:
    edges = [(i, (i + 1) % 20) for i in range(20)]
    suspects = sifted(edges, way, rows=4)
    return decided(edges, suspects).cycle != tuple(range(20))


@pytest.mark.parametrize("way", WAYS)
def test_the_scenes_pass_unbroken(way: str) -> None:
    assert not noticed(way)
    assert not noticed(way, colliding(3))
    assert not noticed_in_parts(way)


def test_a_slot_that_is_not_the_same_twice_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = peel.slots
    calls = iter(range(10**9))
    monkeypatch.setattr(peel, "slots", lambda keys, bits: sound(keys, bits, 2 * next(calls) + 1))
    assert noticed("numpy")


def test_a_merge_that_takes_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = contract._merge

    def broken(views: list[contract._View], *rest: object) -> None:
        sound(views, *rest)  # type: ignore[arg-type]
        for view in views[:1]:
            view.keep[:1] = False

    monkeypatch.setattr(contract, "_merge", broken)
    assert noticed("numpy")


def test_nodes_with_edges_elsewhere_must_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locality.Places, "told", lambda self, keys: keys & ~peel.SHARED)
    assert noticed_in_parts("numpy")


def test_a_log_that_is_lost_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = sift.contract
    monkeypatch.setattr(sift, "contract", lambda parts, check: contract.Contraction(sound(parts, check).kernel, []))
    assert noticed("numpy")
    assert noticed("low memory")


def test_a_decision_on_hashes_alone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nodes of one hash feign a cycle: without whole ids it would be believed."""
    edges = [(1, 2), (2, 4)]
    hashed = colliding(3)
    assert sifted(edges, "numpy", hashed).left == 2
    assert decided(edges, sifted(edges, "numpy", hashed), hashed).cycle is None
    merged = [(hashed(tail), hashed(head)) for tail, head in edges]
    assert decided(merged, sifted(merged, "numpy")).cycle is not None


def test_components_that_are_wrong_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "components", lambda g: components.Components(range(g.nodes), []))
    assert noticed("numpy")


def test_peeling_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = plain._peel
    monkeypatch.setattr(plain, "_peel", lambda kept, size, check: sound(kept, size, check)[1:])
    assert noticed("plain")


def test_a_longer_cycle_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = shortest.girth

    def broken(g: components.Graph, root: int, most: int) -> tuple[int | None, int]:
        length, followed = sound(g, root, most)
        return (None, followed) if length == 3 else (length, followed)

    monkeypatch.setattr(shortest, "girth", broken)
    monkeypatch.setattr(exact, "ACYCLIC", exact.ACYCLIC)
    with pytest.raises(AssertionError):
        assert not noticed("numpy")


def test_a_search_out_of_bounds_says_so() -> None:
    ring = [(i, (i + 1) % 9) for i in range(9)] + [(i + 9, 9 + (i + 1) % 7) for i in range(7)]
    tails, heads = [tail for tail, _ in ring], [head for _, head in ring]
    g, back = components.graph(16, tails, heads), components.graph(16, heads, tails)
    hasty = shortest.shortest(g, back, range(16), lambda: None, work=1)
    patient = shortest.shortest(g, back, range(16), lambda: None)
    assert hasty == shortest.Found(tuple(range(9)), shortest=False)
    assert patient == shortest.Found(tuple(range(9, 16)), shortest=True)
