"""The decision on whole ids, in linear time and plain Python."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conformance.graph.chunk import Check
from conformance.graph.components import components, graph
from conformance.graph.shortest import shortest

Id: TypeAlias = bytes | int
Entrances: TypeAlias = Callable[["array[int]", "array[int]", Check], Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`cycle` as numbers of nodes, from the smallest on, or None; `cyclic_edges` counts those inside components."""

    cycle: tuple[int, ...] | None
    shortest: bool
    cyclic_edges: int


ACYCLIC = Decision(cycle=None, shortest=True, cyclic_edges=0)


def numbers(tails: Sequence[Id], heads: Sequence[Id]) -> tuple[list[Id], array[int], array[int]]:
    """The ids in ascending order, and the edges `tails[i]` → `heads[i]` by their numbers."""
    names: list[Id] = sorted({*tails, *heads})
    number = {name: i for i, name in enumerate(names)}
    return names, array("q", map(number.__getitem__, tails)), array("q", map(number.__getitem__, heads))


def inside(tails: Sequence[int], heads: Sequence[int], of: Sequence[int]) -> list[int]:
    """The positions of the edges whose ends are in one component: those that lie on cycles."""
    return [i for i, (tail, head) in enumerate(zip(tails, heads, strict=True)) if of[tail] == of[head]]


def exact(
    nodes: int, tails: Sequence[int], heads: Sequence[int], check: Check, entrances: Entrances | None = None
) -> Decision:
    """Whether edges between numbered nodes have a cycle, and which is the shortest.

    `entrances` gives for edges that lie on cycles some nodes of which each cycle meets one, to search from.
    """
    found = components(graph(nodes, tails, heads))
    on = inside(tails, heads, found.of)
    if not on:
        return ACYCLIC
    check()
    a, b = array("q", (tails[i] for i in on)), array("q", (heads[i] for i in on))
    through = found.returns
    if entrances is not None and len(through) > 1:
        through = min(through, entrances(a, b, check), key=len)
    cycle = shortest(graph(nodes, a, b), graph(nodes, b, a), through, check)
    if cycle is None:
        raise AssertionError("a component without a cycle")
    return Decision(cycle=cycle.cycle, shortest=cycle.shortest, cyclic_edges=len(on))
