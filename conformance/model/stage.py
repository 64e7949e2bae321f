"""Where behaviour is provoked, and how much is tried there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conformance.model.catalog import Catalog
from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment, Plainly, Race, Result
from conformance.model.leftover import Leftover
from conformance.model.record import Record


class Proving(Record):
    """How much is tried: `examples` of a law a requirement, drawn from `seed`; in the folder `memory`, if there is one,
    are those that departed in earlier runs."""

    examples: int = 25
    seed: int = 0
    memory: Path | None = None


class Stage(Record):
    """A sandbox: its catalog, the ways to try an example and a race on it, and what of the schema is not in it.

    Where rows are there already, `plainly` makes the smallest choice, and rows are numbered from `start` on. `path` is
    where scripts say that names are looked for, if a person's own session may not look there."""

    catalog: Catalog
    tried: Callable[[Experiment], Result]
    raced: Callable[[Race], Result] | None
    left: tuple[Leftover, ...] = ()
    plainly: type[Plainly] = Plainly
    start: int = 0
    path: tuple[str, ...] = ()

    def unexamined(self, requirement: Requirement) -> str:
        """Why nothing that is tried here tells of the requirement, or ""."""
        return next((f"not provoked: {part.said}" for part in self.left if part.bears_on(requirement)), "")
