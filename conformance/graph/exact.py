"""The decision on whole ids, in plain Python."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conformance.graph.chunk import Check
from conformance.graph.components import components, graph
from conformance.graph.shortest import shortest

Id: TypeAlias = bytes | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`cycle` as whole ids, from the smallest on, or None; `cyclic_edges` counts those inside components."""

    cycle: tuple[Id, ...] | None
    shortest: bool
    cyclic_edges: int


ACYCLIC = Decision(cycle=None, shortest=True, cyclic_edges=0)


def inside(tails: Sequence[int], heads: Sequence[int], of: Sequence[int]) -> list[int]:
    """The positions of the edges whose ends are in one component: those that lie on cycles."""
    return [i for i, (tail, head) in enumerate(zip(tails, heads, strict=True)) if of[tail] == of[head]]


def exact(tails: Sequence[Id], heads: Sequence[Id], check: Check) -> Decision:
    """Whether the edges `tails[i]` → `heads[i]`, ids of one type, have a cycle, and which is the shortest."""
    names: list[Id] = sorted({*tails, *heads})
    number = {name: i for i, name in enumerate(names)}
    a, b = array("q", map(number.__getitem__, tails)), array("q", map(number.__getitem__, heads))
    check()
    found = components(graph(len(names), a, b))
    on = inside(a, b, found.of)
    if not on:
        return ACYCLIC
    check()
    a, b = array("q", (a[i] for i in on)), array("q", (b[i] for i in on))
    cycle = shortest(graph(len(names), a, b), graph(len(names), b, a), found.returns, check)
    if cycle is None:
        raise AssertionError("a component without a cycle")
    return Decision(cycle=tuple(names[i] for i in cycle.cycle), shortest=cycle.shortest, cyclic_edges=len(on))
