"""Small worlds of agents that share names, as 0015 may meet them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model.history import Agent

# For each world its agents: the end of the id, the name, and the day of January 2024 on which each was made.
_WORLDS: Mapping[str, tuple[tuple[int, str, int], ...]] = {
    "no duplicate": ((1, "ann", 1), (2, "bob", 1)),
    "the oldest has the smaller id": ((1, "ann", 1), (2, "ann", 2)),
    "the oldest has the greater id": ((1, "ann", 2), (2, "ann", 1)),
    "the oldest is in the middle": ((1, "ann", 2), (2, "ann", 1), (3, "ann", 3)),
    "all of one moment": ((3, "ann", 1), (1, "ann", 1), (2, "ann", 1)),
    "two oldest of one moment": ((1, "ann", 2), (3, "ann", 1), (2, "ann", 1)),
    "several names": ((1, "ann", 2), (2, "bob", 1), (3, "ann", 1), (4, "bob", 1), (5, "eve", 1)),
    "names that only look alike": ((1, "ann", 2), (2, "Ann", 1), (3, "ann ", 1), (4, "ann", 1), (5, "a nn", 3)),
}


def namesakes() -> Mapping[str, tuple[Agent, ...]]:
    """The worlds. Each has names of its own, so that one database holds them all."""
    return {
        world: tuple(
            Agent(
                id=f"0015{place:04d}-0000-4000-8000-{number:012d}",
                name=f"{name} {place}",
                created_at=f"2024-01-{day:02d}T00:00:00+00:00",
            )
            for number, name, day in agents
        )
        for place, (world, agents) in enumerate(_WORLDS.items(), 1)
    }
