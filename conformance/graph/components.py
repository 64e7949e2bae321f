"""Graphs in plain arrays, and their strongly connected components, in linear time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes 0 … n-1; the edges of node `v` lead to `heads[starts[v]:starts[v + 1]]`."""

    starts: Sequence[int]
    heads: Sequence[int]

    @property
    def nodes(self) -> int:
        return len(self.starts) - 1

    def after(self, node: int) -> Sequence[int]:
        """The nodes that a node's edges lead to."""
        return self.heads[self.starts[node] : self.starts[node + 1]]


@dataclass(frozen=True, slots=True)
class Components:
    """The number of each node's component, and the nodes that a depth-first search came back to on its own path.

    Every cycle meets one of the `returns`.
    """

    of: Sequence[int]
    returns: Sequence[int]


def graph(nodes: int, tails: Sequence[int], heads: Sequence[int]) -> Graph:
    """The graph of edges `tails[i]` → `heads[i]`."""
    starts = array("q", [0]) * (nodes + 1)
    for tail in tails:
        starts[tail + 1] += 1
    for node in range(nodes):
        starts[node + 1] += starts[node]
    at = array("q", starts)
    placed = array("q", [0]) * len(heads)
    for tail, head in zip(tails, heads, strict=True):
        placed[at[tail]] = head
        at[tail] += 1
    return Graph(starts, placed)


def components(g: Graph) -> Components:
    """Tarjan's algorithm, without recursion."""
    starts, heads, n = g.starts, g.heads, g.nodes
    of, index = array("q", [-1]) * n, array("q", [-1]) * n
    low, at = array("q", [0]) * n, array("q", starts[:n])
    on_path, returned = bytearray(n), bytearray(n)
    stack: list[int] = []
    count = found = 0
    for root in range(n):
        path = [root] if index[root] < 0 else []
        while path:
            node = path[-1]
            if index[node] < 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
                on_path[node] = 1
            place = at[node]
            if place < starts[node + 1]:
                at[node] = place + 1
                head = heads[place]
                if index[head] < 0:
                    path.append(head)
                elif of[head] < 0:
                    low[node] = min(low[node], index[head])
                    returned[head] |= on_path[head]
                continue
            path.pop()
            on_path[node] = 0
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == index[node]:
                while of[node] < 0:
                    of[stack.pop()] = found
                found += 1
    return Components(of, [node for node in range(n) if returned[node]])
