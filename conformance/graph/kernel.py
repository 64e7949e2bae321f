"""The nodes on cycles of a graph in key arrays, in linear time."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.components import components, graph

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cyclic_nodes(a: NDArray[np.uint64], b: NDArray[np.uint64], check: Check) -> NDArray[np.uint64]:
    """The nodes that an edge inside a strongly connected component, or a self loop, touches."""
    if not len(a):
        return a
    keys, numbers = np.unique(np.concatenate([a, b]), return_inverse=True)
    check()
    tails, heads = numbers[: len(a)], numbers[len(a) :]
    plain = array("q", tails.tobytes()), array("q", heads.tobytes())
    of = np.frombuffer(components(graph(len(keys), *plain)).of, np.int64)  # type: ignore[call-overload]
    check()
    inside = of[tails] == of[heads]
    nodes: NDArray[np.uint64] = keys[np.unique(tails[inside])]
    return nodes
