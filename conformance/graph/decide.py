"""The door: whether edges are sifted and decided with numpy or without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

from conformance.graph import plain
from conformance.graph.chunk import Check, Read, Suspects
from conformance.graph.exact import Entrances, Id, exact, numbers

Ends: TypeAlias = bytes | list[bytes]
"""One end of many edges: of fixed width, one behind the other, or a value each."""
NUMBER = 8
"""The width of ids that are numbers."""
MANY = 20_000
"""Edges of which whole ids are numbered without a Python object each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the whole ids of `edges` edges say; see `Acyclicity`."""

    edges: int
    cycle: tuple[Id, ...] | None
    shortest: bool
    cyclic_edges: int


def vectorised() -> bool:
    """Whether numpy is at hand, and whole."""
    try:
        import_module("numpy")
    except ImportError:
        return False
    return True


def suspects(read: Read, check: Check, *, low_memory: bool) -> Suspects:
    """The edges of all places that may lie on a cycle. Where `low_memory` is true, some are read again, not kept."""
    if vectorised():
        from conformance.graph import sift

        return sift.suspects(read, check, low_memory=low_memory)
    return plain.suspects(read(None), check)


def decision(edges: Iterable[tuple[Ends, Ends]], width: int | None, check: Check) -> Decided:
    """Whether these edges, with whole ids of `width` bytes or of any, have a cycle, and the shortest."""
    parts = list(edges)
    if width is not None and vectorised():
        fixed = [(a, b) for a, b in parts if isinstance(a, bytes) and isinstance(b, bytes)]
        if sum(len(a) for a, _ in fixed) >= MANY * width:
            return _of_many(fixed, width, check)
    tails = [id_ for sources, _ in parts for id_ in _split(sources, width)]
    heads = [id_ for _, targets in parts for id_ in _split(targets, width)]
    names, a, b = numbers(tails, heads)
    check()
    found = exact(len(names), a, b, check, _entrances())
    cycle = None if found.cycle is None else tuple(names[number] for number in found.cycle)
    return Decided(edges=len(tails), cycle=cycle, shortest=found.shortest, cyclic_edges=found.cyclic_edges)


def _of_many(parts: Sequence[tuple[bytes, bytes]], width: int, check: Check) -> Decided:
    from conformance.graph.numbering import numbered

    sources, targets = (b"".join(part[end] for part in parts) for end in (0, 1))
    graph = numbered(sources, targets, width, signed=width == NUMBER, check=check)
    found = exact(graph.nodes, graph.tails, graph.heads, check, _entrances())
    cycle = None
    if found.cycle is not None:
        cycle = tuple(id_ for number in found.cycle for id_ in _split(graph.name(number), width))
    return Decided(edges=len(sources) // width, cycle=cycle, shortest=found.shortest, cyclic_edges=found.cyclic_edges)


def _entrances() -> Entrances | None:
    if not vectorised():
        return None
    from conformance.graph.contract import entrances

    return entrances


def _split(ends: Ends, width: int | None) -> list[Id]:
    if width is None or not isinstance(ends, bytes):
        return list(ends) if not isinstance(ends, bytes) else []
    parts = [ends[i : i + width] for i in range(0, len(ends), width)]
    return [int.from_bytes(part, "big", signed=True) for part in parts] if width == NUMBER else list(parts)
