"""Who waits for whom, and the cycles of it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TypeAlias

from conformance.violations.look import World, elements

Edge: TypeAlias = tuple[str, str]


def reachable(edges: Set[Edge], start: str) -> set[str]:
    """All that can be reached from a node in one step or more."""
    found: set[str] = set()
    frontier = {start}
    while frontier:
        frontier = {to for at, to in edges if at in frontier} - found
        found |= frontier
    return found


def components(edges: Set[Edge]) -> set[frozenset[str]]:
    """The strong components that hold a cycle, each as the set of its nodes."""
    size = 0
    while len(edges) != size:  # what leads nowhere is in no cycle, nor is what leads only there
        size, starts = len(edges), {at for at, _ in edges}
        edges = {(at, to) for at, to in edges if to in starts}
    reach = {node: reachable(edges, node) for edge in edges for node in edge}
    return {frozenset(n for n in reach[node] if node in reach[n]) for node in reach if node in reach[node]}


def shortest_cycle_length(edges: Set[Edge]) -> int | None:
    """The number of edges of the shortest cycle; None where there is none."""
    lengths = []
    for start in {at for at, _ in edges}:
        length, reached, seen = 1, {to for at, to in edges if at == start}, set[str]()
        while reached and start not in reached:
            seen |= reached
            reached = {to for at, to in edges if at in reached} - seen
            length += 1
        if reached:
            lengths.append(length)
    return min(lengths, default=None)


def is_cycle(edges: Set[Edge], path: Sequence[str]) -> bool:
    """Whether a path of ids goes along edges, meets no node twice, and the last leads to the first."""
    steps = zip(path, [*path[1:], *path[:1]], strict=True)
    return bool(path) and len(set(path)) == len(path) and all(step in edges for step in steps)


def task_edges(world: World) -> set[Edge]:
    """Which task waits for which, whether or not they exist."""
    pairs = ((row.get("task_id"), row.get("depends_on")) for row in world.get("task_dependencies", ()))
    return {(at, to) for at, to in pairs if at is not None and to is not None}


def goal_edges(world: World) -> set[Edge]:
    """Which goal waits for which."""
    goals = [row for row in world.get("goals", ()) if row.get("id") is not None]
    return {(row["id"], to) for row in goals for to in elements(row)}
