"""The shortest histories to everything that the oracle of an area knows to expect: these are tried before any is drawn,
so that whether a law is come to is no matter of luck.

They are looked for in the oracle alone, which costs no call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from conformance.model.conduct import Call, Model
from conformance.reducing import offered, without

_WALKS = 400

Sort = tuple[str, str, str, str]
"""What is expected of a call: the operation, the law, accepted or refused, and what the oracle tells apart."""


@cache
def walks(make: Callable[[], Model], operations: tuple[str, ...], steps: int) -> Sequence[tuple[Call, ...]]:
    """A short history to each sort of expectation that random walks come to, the shortest first; always the same."""
    chance = Random(0)  # noqa: S311  nothing secret hangs on it
    found: dict[Sort, tuple[Call, ...]] = {}
    for _ in range(_WALKS):
        model, path = make(), list[Call]()
        for _ in range(steps):
            offers = {op: model.offers(op) for op in operations}
            possible = [op for op in operations if offers[op]]
            if not possible:
                break
            for call in (one for op in possible if op != "put" for one in offers[op]):
                sort = sort_of(model, call)
                if sort not in found or len(path) + 1 < len(found[sort]):
                    found[sort] = (*path, call)
            call = chance.choice(offers[chance.choice(possible)])
            if call.op == "put" or model.expected(call).fate != "refused":
                path.append(call)
                _go(model, call)
    shortest = {repr(short): short for sort, path in found.items() if (short := _shortened(make, path, sort))}
    return sorted(shortest.values(), key=lambda path: (len(path), repr(path)))


def sort_of(model: Model, call: Call) -> Sort:
    """What is expected of a call now."""
    expected = model.expected(call)
    return call.op, expected.law, expected.fate, expected.sort


def _go(model: Model, call: Call) -> None:
    """What a right implementation would do."""
    if call.op == "put":
        model.apply(call, None)
    elif model.expected(call).fate != "refused":
        model.apply(call, model.plausible(call))


def _shortened(make: Callable[[], Model], path: tuple[Call, ...], sort: Sort) -> tuple[Call, ...]:
    """The history without the calls that it does not need to come there."""
    place = len(path) - 2
    while place >= 0:
        fewer = without(path, place)
        if _comes_to(make, fewer, sort):
            path = tuple(fewer)
        place = min(place - 1, len(path) - 2)
    return path


def _comes_to(make: Callable[[], Model], path: Sequence[Call], sort: Sort) -> bool:
    if not path:
        return False
    model = make()
    for call in path[:-1]:
        own = offered(model, call)
        if own is None:
            return False
        _go(model, own)
    own = offered(model, path[-1])
    return own is not None and own.op != "put" and sort_of(model, own) == sort
