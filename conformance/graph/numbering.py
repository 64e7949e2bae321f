"""Numbering whole ids of one width in their order, vectorised: many of them as Python objects would take gigabytes."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from conformance.graph.chunk import Check
from conformance.graph.kernel import Numbers, trimmed

WORD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """Edges `tails[i]` → `heads[i]` between numbers of ids, and the bytes of the id that has a number."""

    tails: array[int]
    heads: array[int]
    nodes: int
    name: Callable[[int], bytes]


def numbered(sources: bytes, targets: bytes, width: int, *, signed: bool, check: Check) -> Numbered:
    """The edges between ids of `width` bytes, without most of those that lead to or from no cycle.

    Numbers are in the order of the ids, by their bytes, or by value where they are `signed`.
    """
    edges = len(sources) // width
    words = np.frombuffer(sources + targets, ">u8").reshape(2 * edges, width // WORD).astype(np.uint64)
    if signed:
        words ^= np.uint64(1 << 63)
    order = np.lexsort(words.T[::-1])
    check()
    words = words[order]
    new = np.concatenate([[True], (words[1:] != words[:-1]).any(axis=1)])
    numbers: Numbers = np.empty(2 * edges, np.int64)
    numbers[order] = np.cumsum(new) - 1
    names = words[new]
    check()
    tails, heads = trimmed(numbers[:edges], numbers[edges:], len(names), check)
    heads, tails = trimmed(heads, tails, len(names), check)

    def name(number: int) -> bytes:
        id_ = names[number] ^ np.uint64(1 << 63) if signed else names[number]
        return bytes(id_.astype(">u8").tobytes())

    return Numbered(tails=array("q", tails.tobytes()), heads=array("q", heads.tobytes()), nodes=len(names), name=name)
