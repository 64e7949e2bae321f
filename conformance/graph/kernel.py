"""The nodes on cycles of a graph in key arrays, in linear time."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.components import components, graph
from conformance.graph.slots import Keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.int64]"

LEVELS = 3000
"""So many levels of a graph are taken at once each; what is deeper is walked node by node."""


def cyclic_nodes(a: Keys, b: Keys, check: Check) -> Keys:
    """The nodes that an edge inside a strongly connected component, or a self loop, touches."""
    if not len(a):
        return a
    keys, numbers = np.unique(np.concatenate([a, b]), return_inverse=True)
    check()
    tails, heads = trimmed(numbers[: len(a)], numbers[len(a) :], len(keys), check)
    heads, tails = trimmed(heads, tails, len(keys), check)
    plain = graph(len(keys), array("q", tails.tobytes()), array("q", heads.tobytes()))
    of = np.frombuffer(components(plain).of, np.int64)  # type: ignore[call-overload]
    check()
    nodes: Keys = keys[np.unique(tails[of[tails] == of[heads]])]
    return nodes


def trimmed(tails: Numbers, heads: Numbers, nodes: int, check: Check) -> tuple[Numbers, Numbers]:
    """Without the edges from nodes that no edge leads to, and from those that then none leads to, and so on."""
    order = np.argsort(tails, kind="stable")
    tails, heads = tails[order], heads[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=nodes))])
    leading_to = np.bincount(heads, minlength=nodes)
    gone = np.zeros(nodes, np.bool_)
    level = np.flatnonzero(leading_to == 0)
    for _ in range(LEVELS):
        if not len(level):
            break
        check()
        gone[level] = True
        reached, times = np.unique(heads[between(starts, level)], return_counts=True)
        leading_to[reached] -= times
        level = reached[leading_to[reached] == 0]
    stay = ~gone[tails]
    return tails[stay], heads[stay]


def between(starts: Numbers, nodes: Numbers) -> Numbers:
    """The positions `starts[v]` … `starts[v + 1] - 1` of all these nodes, one behind the other."""
    sizes = starts[nodes + 1] - starts[nodes]
    ends = np.cumsum(sizes)
    positions: Numbers = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[nodes] - ends + sizes, sizes)
    return positions
