"""Which documented migrations a catalog shows, object by object, whatever anybody has written down: pure.

Each migration has its traces: what it brings, and what it takes away. They are looked for as `check --through` looks
for them, at each level that a history can have; the level with which most of the traces agree, each migration counting
alike, is what the catalog is held against. So one object that is gone does not make a database of an older level, and
one that is there too early none of a newer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.judge import judge
from conformance.model.catalog import Catalog
from conformance.model.contract import LEVELS, OLDEST_THROUGH, STEPS, Level, Requirement
from conformance.model.level import WRONG, Mark, Stage, State, Trace
from conformance.model.outcome import Outcome
from conformance.model.record import replace

NONE = "0000"
"""The level of a database in which nothing was run."""

_OBJECTS = ("table", "column")
"""What is surely gone once it was taken away; of other claims something may keep what nobody asks for any more."""
_IDLE = ("accepts", "nullable")
"""What holds also where nobody did anything for it."""
_KEYED = ("index", "unique", "primary-key")
_MARKS: Mapping[str, Mark] = {"pass": "there", "waived": "there", "fail": "missing", "indeterminate": "unknown"}


def stages(requirements: Sequence[Requirement], catalog: Catalog, threshold: Level) -> tuple[Stage, ...]:
    """What shows of each migration, the oldest, which are documented together, first."""
    traces = _Traces(requirements, catalog, threshold)
    level = min(reversed((NONE, *STEPS)), key=traces.disagreeing)
    found = [_stage(step, tuple(traces.of(step, level)), level) for step in STEPS]
    found = [replace(stage, state="untold") if not traces.asks(stage.migration) else stage for stage in found]
    whole = [stage.migration for stage in found if stage.state == "reached"]
    return tuple(_placed(stage, level, max(whole, default=NONE)) for stage in found)


class _Traces:
    """The traces of each migration, as they should be at one level."""

    def __init__(self, requirements: Sequence[Requirement], catalog: Catalog, threshold: Level) -> None:
        counted = LEVELS[: LEVELS.index(threshold) + 1]
        self.asked = [requirement for requirement in requirements if requirement.level in counted]
        self.seen: dict[str, dict[str, Outcome]] = {
            step: {outcome.requirement.id: outcome for outcome in judge(requirements, catalog, step)} for step in STEPS
        }
        self.brought = {step: [r for r in self.asked if _step(r.since) == step] for step in STEPS}
        self.taken = {step: [r for r in self.asked if r.until == step] for step in STEPS}

    def asks(self, step: str) -> bool:
        """Whether anything that is asked for would show this migration."""
        return any(requirement.claim in _OBJECTS for requirement in self.taken[step]) or bool(self.brought[step])

    def disagreeing(self, level: str) -> float:
        """How much disagrees with this level: of each migration the share of its traces."""
        share = 0.0
        for step in STEPS:
            traces = list(self.of(step, level))
            wrong = WRONG if step <= level else {"early", "taken away"}
            share += sum(trace.mark in wrong for trace in traces) / max(len(traces), 1)
        return share

    def of(self, step: str, level: str) -> Iterator[Trace]:
        """What shows of one migration in a database of this level."""
        if step > level:
            yield from self._too_early(step, level)
            return
        for requirement in self.brought[step]:
            if requirement.alive(level) and not self._taken_early(requirement, level):
                yield from self._trace(requirement, level)
        for requirement in self.taken[step]:
            if requirement.claim in _OBJECTS:
                for trace in self._trace(requirement, _step(requirement.last)):
                    marks: Mapping[Mark, Mark] = {"there": "left", "missing": "taken away"}
                    yield replace(trace, mark=marks.get(trace.mark, trace.mark), because=None)

    def _too_early(self, step: str, level: str) -> Iterator[Trace]:
        for requirement in self.brought[step]:
            for trace in self._trace(requirement, step):
                early = trace.mark == "there" and not self._goes_without(requirement, level)
                yield replace(trace, mark="early") if early else trace
        for requirement in self.taken[step]:
            if requirement.alive(level) and requirement.claim in _OBJECTS:
                gone = self._taken_early(requirement, level)
                yield Trace(id=requirement.id, mark="taken away" if gone else "left")

    def _goes_without(self, requirement: Requirement, level: str) -> bool:
        """Whether it holds at this level although nobody did anything for it."""
        if requirement.claim != "index":
            return requirement.claim in _IDLE
        keys, count = requirement.columns, len(requirement.columns)
        same = (r for r in self.asked if r.table == requirement.table and r.claim in _KEYED and r.alive(level))
        return any(other.columns[:count] == keys for other in same)

    def _trace(self, requirement: Requirement, through: str) -> Iterator[Trace]:
        outcome = self.seen[through][requirement.id]
        mark = _MARKS.get(outcome.verdict)
        if mark is not None:
            note = outcome.note or outcome.observed
            yield Trace(id=requirement.id, mark=mark, note=note if mark != "there" else "", because=outcome.because)

    def _taken_early(self, requirement: Requirement, level: str) -> bool:
        """Whether it is gone, and the migration that takes it away would be the next."""
        if requirement.until is None or level == NONE or requirement.until != f"{int(level) + 1:04}":
            return False
        outcome = self.seen[level][requirement.id]
        return outcome.verdict == "fail" and (requirement.claim in _OBJECTS or outcome.because is not None)


def _step(migration: str) -> str:
    return max(migration, OLDEST_THROUGH)


def _stage(step: str, traces: tuple[Trace, ...], level: str) -> Stage:
    """The migration by its own traces alone."""
    if not traces and step <= level:
        return Stage(migration=step, state="untold", traces=())
    if step > level:
        state: State = "half applied" if any(t.mark in ("early", "taken away") for t in traces) else "not reached"
        if state == "half applied":
            state = "half applied" if any(t.mark in ("missing", "left", "unknown") for t in traces) else "reached"
        return Stage(migration=step, state=state, traces=traces)
    wrong = sum(trace.mark in WRONG for trace in traces)
    right = sum(trace.mark in ("there", "taken away") for trace in traces)
    if not wrong:
        return Stage(migration=step, state="unknown" if right < len(traces) else "reached", traces=traces)
    return Stage(migration=step, state="partly undone" if right else "undone", traces=traces)


def _placed(stage: Stage, level: str, whole: str) -> Stage:
    """The migration among the others: what no whole one follows was not undone, but never came to its end."""
    if stage.state in ("partly undone", "undone") and stage.migration > whole:
        return replace(stage, state="half applied" if stage.state == "partly undone" else "not reached")
    return stage
