"""The door: whether edges are sifted and decided with numpy or without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias

from conformance.graph import plain
from conformance.graph.chunk import Check, Read, Suspects
from conformance.graph.exact import Id, exact

Ends: TypeAlias = bytes | list[bytes]
"""One end of many edges: of fixed width, one behind the other, or a value each."""
NUMBER = 8
"""The width of ids that are numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the whole ids of `edges` edges say; see `Acyclicity`."""

    edges: int
    cycle: tuple[Id, ...] | None
    shortest: bool
    cyclic_edges: int


def vectorised() -> bool:
    """Whether numpy is at hand."""
    return find_spec("numpy") is not None


def suspects(read: Read, check: Check, *, low_memory: bool) -> Suspects:
    """The edges of all places that may lie on a cycle. Where `low_memory` is true, some are read again, not kept."""
    if vectorised():
        from conformance.graph import sift

        return sift.suspects(read, check, low_memory=low_memory)
    return plain.suspects(read(None), check)


def decision(edges: Iterable[tuple[Ends, Ends]], width: int | None, check: Check) -> Decided:
    """Whether these edges, with whole ids of `width` bytes or of any, have a cycle, and the shortest."""
    tails: list[Id] = []
    heads: list[Id] = []
    for sources, targets in edges:
        tails += _split(sources, width)
        heads += _split(targets, width)
    decided = exact(tails, heads, check)
    return Decided(edges=len(tails), cycle=decided.cycle, shortest=decided.shortest, cyclic_edges=decided.cyclic_edges)


def _split(ends: Ends, width: int | None) -> list[Id]:
    if width is None or not isinstance(ends, bytes):
        return list(ends)
    parts = [ends[i : i + width] for i in range(0, len(ends), width)]
    return [int.from_bytes(part, "big", signed=True) for part in parts] if width == NUMBER else list(parts)
