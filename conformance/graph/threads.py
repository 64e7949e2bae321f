"""One thing done to many arrays, by as many threads as are worth it: numpy lets them run at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = 2
AHEAD = 4
"""Results that may wait for their turn."""
MANY = 200_000
"""So few edges are quicker done than threads are begun."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def each(do: Callable[[_Item], _Result], items: Iterable[_Item], edges: int) -> Iterator[_Result]:
    """What `do` gives for each item, in their order; `edges` says how much work it is about."""
    if edges < MANY:
        yield from map(do, items)
        return
    begun: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(WORKERS) as workers:
        for item in items:
            begun.append(workers.submit(do, item))
            if len(begun) > AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
