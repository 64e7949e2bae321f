"""The shortest cycle of a graph, and of several the smallest, in plain Python with bounded work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.graph.chunk import Check
from conformance.graph.components import Graph

WORK = 3_000_000
"""Edges that a search may follow, beyond the first node's: about a second."""


@dataclass(frozen=True, slots=True)
class Found:
    """The nodes along a cycle from the smallest on, and whether no shorter one exists."""

    cycle: tuple[int, ...]
    shortest: bool


def shortest(g: Graph, back: Graph, through: Iterable[int], check: Check, work: int = WORK) -> Found | None:
    """The shortest cycle of `g`, whose reverse is `back`, if each of its cycles meets a node of `through`; or None.

    Among cycles of one length it is the one whose nodes, from its smallest on, are the smallest sequence.
    """
    short = loop(g) or pair(g)
    if short is not None:
        return Found(short, shortest=True)
    best = g.nodes + 1
    holders: list[int] = []
    complete = True
    for node in through:
        check()
        length, followed = girth(g, node, best)
        work -= followed
        if length is not None and length < best:
            best, holders = length, []
        if length is not None:
            holders.append(node)
        if work < 0 and holders:
            complete = False
            break
    if not holders:
        return None
    on = min(min(_on_cycles(g, back, node, best)) for node in holders)
    return Found(_smallest_from(g, back, on, best), shortest=complete)


def loop(g: Graph) -> tuple[int, ...] | None:
    """The smallest node that leads to itself."""
    return next(((node,) for node in range(g.nodes) if node in g.after(node)), None)


def pair(g: Graph) -> tuple[int, ...] | None:
    """The smallest two nodes that lead to each other."""
    forward = {(node, head) for node in range(g.nodes) for head in g.after(node) if head > node}
    found = [(head, node) for node in range(g.nodes) for head in g.after(node) if (head, node) in forward]
    return min(found, default=None)


def girth(g: Graph, root: int, most: int) -> tuple[int | None, int]:
    """The length of the shortest cycle through a node, if it is at most `most`; and how many edges were followed."""
    seen = {root}
    frontier = [root]
    followed = 0
    for length in range(1, most + 1):
        ahead = []
        for node in frontier:
            for head in g.after(node):
                followed += 1
                if head == root:
                    return length, followed
                if head not in seen:
                    seen.add(head)
                    ahead.append(head)
        if not ahead:
            break
        frontier = ahead
    return None, followed


def distances(g: Graph, root: int, most: int) -> dict[int, int]:
    """How far it is from a node to each that is at most `most` edges away."""
    far = {root: 0}
    frontier = [root]
    for length in range(1, most + 1):
        ahead = []
        for node in frontier:
            for head in g.after(node):
                if head not in far:
                    far[head] = length
                    ahead.append(head)
        frontier = ahead
    return far


def _on_cycles(g: Graph, back: Graph, node: int, length: int) -> Sequence[int]:
    """The nodes on cycles of this length, the shortest, through a node."""
    away = distances(g, node, length - 1)
    home = distances(back, node, length - 1)
    return [node, *(v for v, far in away.items() if v != node and far + home.get(v, length) == length)]


def _smallest_from(g: Graph, back: Graph, root: int, length: int) -> tuple[int, ...]:
    """The smallest sequence of nodes along a cycle of this length, the shortest, from `root` on."""
    home = distances(back, root, length - 1)
    walk = [root]
    for left in range(length - 1, 0, -1):
        walk.append(min(head for head in g.after(walk[-1]) if home.get(head) == left))
    return tuple(walk)
