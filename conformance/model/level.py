"""How far a history of migrations has come, as the catalog shows it, and what a ledger of migrations says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from conformance.model.contract import OLDEST_THROUGH, Level
from conformance.model.record import Record
from conformance.model.target import Target

FORMAT = "astra-conformance-level"
VERSION = 1

Mark = Literal["there", "missing", "left", "taken away", "early", "unknown"]
State = Literal["reached", "half applied", "partly undone", "undone", "not reached", "unknown", "untold"]

WRONG: frozenset[Mark] = frozenset({"missing", "left"})


class Trace(Record):
    """What shows of one requirement that one migration brings or takes away: it is `there` or `missing`; what should be
    gone is `left` or `taken away`; of a migration that has not been reached it is there too `early`. `because` is the
    id of the requirement that it is missing because of."""

    id: str
    mark: Mark
    note: str = ""
    because: str | None = None


class Stage(Record):
    """One migration, or for `0012` all up to it, and what shows of it. It is `undone` where nothing of it is there
    though a later one is as a whole, and `untold` where nothing that is asked for would show it."""

    migration: str
    state: State
    traces: tuple[Trace, ...]

    @property
    def name(self) -> str:
        return f"0001 to {OLDEST_THROUGH}" if self.migration == OLDEST_THROUGH else self.migration

    def marked(self, *marks: Mark) -> tuple[Trace, ...]:
        return tuple(trace for trace in self.traces if trace.mark in marks)


class Claim(Record):
    """What a ledger records: the migrations that were run, by the documented numbers, and those of which it says itself
    that they did not come to their end. Up to `through` it takes all for run, also what it does not list. `foreign` are
    entries that are no documented number."""

    run: frozenset[str] = frozenset()
    through: str = ""
    failed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    def says_run(self, migration: str) -> bool:
        return migration <= self.through or migration in self.run

    @property
    def speaks(self) -> bool:
        """Whether anything in it can be held against the documented numbers."""
        return bool(self.run or self.through or self.failed or not self.foreign)


class Ledger(Record):
    """A table in which a tool of migrations writes down what it ran. `unread` says why it was not read; `counts` is
    false for one that lies elsewhere than the tables that were looked at, and may be another application's."""

    tool: str
    table: str
    claim: Claim = Claim()
    unread: str = ""
    counts: bool = True
    disagrees: tuple[str, ...] = ()


class Reached(Record):
    """The report of `conformance level`. `ledgers` is None where there was no place to look for any."""

    tool: str
    target: Target
    profile: str
    profile_title: str
    threshold: Level
    started: str
    seconds: float
    stages: tuple[Stage, ...]
    ledgers: tuple[Ledger, ...] | None
    remarks: tuple[str, ...] = ()

    @property
    def level(self) -> str | None:
        """The last migration up to which every one is there as a whole; None where not even the oldest are."""
        found = None
        for stage in self.stages:
            if stage.state == "reached":
                found = stage.migration
            elif stage.state != "untold":
                break
        return found

    @property
    def beyond(self) -> tuple[Stage, ...]:
        """What keeps the level from being a clean one: every migration that is neither as a whole there nor not."""
        behind = [stage for stage in self.stages if stage.migration > (self.level or "")]
        return tuple(stage for stage in behind if stage.state not in ("not reached", "untold"))

    @property
    def exit_code(self) -> int:
        """0 where a level is reached cleanly and no ledger contradicts it, 3 where that could not be seen, else 1."""
        ledgers = [ledger for ledger in self.ledgers or () if ledger.counts]
        states = {stage.state for stage in self.beyond}
        if (self.level is None and "unknown" not in states) or states - {"unknown"}:
            return 1
        if any(ledger.disagrees for ledger in ledgers):
            return 1
        return 3 if states or any(ledger.unread for ledger in ledgers) else 0

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the exit code is not 0, a line each."""
        lines = [f"{_listed(stages)} {words}" for words, stages in _by_words(self.beyond) if stages]
        if self.level is None and not lines:
            lines.append("no migration is reached")
        for ledger in self.ledgers or ():
            if ledger.counts and ledger.disagrees:
                lines.append(f"{ledger.table} says otherwise than the catalog")
            elif ledger.counts and ledger.unread:
                lines.append(f"{ledger.table} was not read")
        return tuple(lines)


def _by_words(beyond: Sequence[Stage]) -> list[tuple[str, list[Stage]]]:
    states: tuple[State, ...] = ("partly undone", "undone", "half applied", "unknown")
    found = []
    for state in states:
        stages = [stage for stage in beyond if stage.state == state]
        plain = f"{'is' if len(stages) == 1 else 'are'} {state}"
        found.append(("could not be looked at as a whole" if state == "unknown" else plain, stages))
    ahead = [stage for stage in beyond if stage.state == "reached"]
    if len(ahead) == len(beyond):
        found.append((f"{'is' if len(ahead) == 1 else 'are'} there without all before", ahead))
    return found


def _listed(stages: Sequence[Stage]) -> str:
    return ", ".join(stage.name for stage in stages)
