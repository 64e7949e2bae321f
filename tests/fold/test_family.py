"""What partitions take, kept in order: the same is told of it as when each is asked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.fold.family import Below
from conformance.fold.split import Bound

EDGES = st.tuples(st.just(0), st.integers(0, 12)) | st.sampled_from([(-1, 0), (1, 0)])
RANGES = (
    st.tuples(EDGES, EDGES)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Bound(text=repr(pair), low=(pair[0],), high=(pair[1],)))
)
LISTS = st.lists(st.integers(0, 12) | st.none(), min_size=1, max_size=3, unique=True).map(
    lambda values: Bound(text=repr(values), listed=tuple(values))
)
HASHES = st.tuples(st.sampled_from([2, 4, 8]), st.integers(0, 7)).map(
    lambda pair: Bound(text=repr(pair), modulus=pair[0], remainder=pair[1] % pair[0])
)
DEFAULT = st.just(Bound(text="DEFAULT"))


@given(
    bounds=st.one_of(*(st.lists(kind | DEFAULT, max_size=12) for kind in (RANGES, LISTS, HASHES))),
    leaving=st.lists(st.booleans(), min_size=12, max_size=12),
)
@settings(max_examples=300, deadline=None)
def test_a_row_for_two_is_seen_as_by_asking_each(bounds: list[Bound], leaving: list[bool]) -> None:
    below, there = Below(), dict[int, Bound]()
    for number, (bound, goes) in enumerate(zip(bounds, leaving, strict=False)):
        assert below.meets(bound) == any(bound.meets(other) for other in there.values())
        if not below.meets(bound):
            below, there[number] = below.put(number, bound), bound
        if goes and there:
            gone = min(there)
            below = below.without(gone, there.pop(gone))
        assert below.numbers == tuple(there)


@given(numbers=st.sets(st.integers(0, 20)), near=st.integers(0, 20))
def test_what_is_near_comes_first(numbers: set[int], near: int) -> None:
    below = Below(numbers=tuple(sorted(numbers)))
    found = list(below.around(near))
    assert sorted(found) == sorted(numbers)
    above = [number for number in found if number > near]
    assert above == sorted(above)
    assert found[:1] == [near] or near not in numbers
