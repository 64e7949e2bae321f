"""A run of edges as it comes from a table, and what is left of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 8

Check: TypeAlias = Callable[[], None]
"""Called now and then; raises when time is up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Edges from the keys in `sources` to those in `targets`, eight bytes each; `place` is where they were read."""

    place: int
    sources: bytes
    targets: bytes

    def __len__(self) -> int:
        return len(self.sources) // WIDTH


Read: TypeAlias = Callable[[Sequence[int] | None], Iterable[Chunk]]
"""Reads the chunks of these places, or of all, in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """The edges that may lie on a cycle of whole ids: all that do, and few others. None left proves: acyclic.

    `edges` counts all that were read; `way` says in short words how they were sifted.
    """

    edges: int
    chunks: tuple[Chunk, ...]
    way: str

    @property
    def left(self) -> int:
        return sum(map(len, self.chunks))
