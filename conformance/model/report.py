"""What a run found, as data: the same for every renderer and every face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from conformance.model.baseline import Baseline
from conformance.model.breach import Breach
from conformance.model.contract import LEVELS, Level
from conformance.model.outcome import VERDICTS, Outcome
from conformance.model.record import Record
from conformance.model.target import Target

FORMAT = "astra-conformance-report"
VERSION = 2

RunVerdict = Literal["pass", "fail", "indeterminate"]


class Past(Record):
    """An earlier run on the same database: when it was, what it said, and how many outcomes had each verdict."""

    started: str
    verdict: RunVerdict
    counts: Mapping[str, int]


class Report(Record):
    """One run. `threshold` is the lowest level at which a departure fails the run.

    `remarks` are lines about the run itself (copies of tables off the path, waivers that excuse nothing); `reasons` are
    the lines that say why the exit code is not 0. `started` is UTC, ISO 8601; it and `seconds` are the only parts that
    differ between two runs on the same database. `select` and `ignore` are the ids and globs of what was asked for and
    of what was left out: nothing else was examined. `baseline` is what the run was compared with, where it was: what
    that has too is tolerated, and the exit code is of the rest. `breaches` say what the database itself keeps of the
    invariants, where that was tried; `history` are other runs of the same question, in the order of their times, where
    those were asked for.
    """

    tool: str
    target: Target
    profile: str
    profile_title: str
    through: str
    threshold: Level
    started: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    remarks: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Baseline | None = None
    history: tuple[Past, ...] = ()

    @property
    def verdict(self) -> RunVerdict:
        """`fail` if anything at or above the threshold fails, else `indeterminate` if anything there is."""
        counted = {o.verdict for o in self._counted()}
        if "fail" in counted:
            return "fail"
        if "indeterminate" in counted or not any(o.verdict in ("pass", "fail", "waived") for o in self.outcomes):
            return "indeterminate"
        return "pass"

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 departs, 3 could not be evaluated."""
        return {"pass": 0, "fail": 1, "indeterminate": 3}[self.verdict]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the exit code is not 0, a line each."""
        lines = []
        counted = self._counted()
        beside = ", new or worse than in the baseline" if self.baseline else ""
        for verdict, words in (("fail", "departed from"), ("indeterminate", "could not be evaluated")):
            by_level = Counter(o.requirement.level for o in counted if o.verdict == verdict)
            for level in LEVELS:
                if by_level[level]:
                    count = by_level[level]
                    lines.append(f"{count} `{level}` requirement{'s' * (count != 1)} {words}{beside}")
        if not lines and self.exit_code:
            lines.append("nothing was examined")
        return tuple(lines)

    def counts(self) -> Mapping[str, int]:
        """How many outcomes have each verdict."""
        found = Counter(o.verdict for o in self.outcomes)
        return {verdict: found[verdict] for verdict in VERDICTS}

    def counts_by_level(self) -> Mapping[str, Mapping[str, int]]:
        """The same for each level."""
        found = Counter((o.requirement.level, o.verdict) for o in self.outcomes)
        return {level: {verdict: found[level, verdict] for verdict in VERDICTS} for level in LEVELS}

    @property
    def tolerated(self) -> tuple[Outcome, ...]:
        """What fails, or could not be looked at, as it did in the baseline."""
        return tuple(outcome for outcome in self.outcomes if outcome.tolerated)

    @property
    def partly(self) -> bool:
        """Whether it passes as to the threshold alone: something weaker is departed from, or could not be looked at."""
        beside = any(o.verdict in ("fail", "indeterminate") and not o.tolerated for o in self.outcomes)
        return self.verdict == "pass" and beside

    def _counted(self) -> list[Outcome]:
        """The outcomes at or above the threshold, but those that are tolerated."""
        levels = LEVELS[: LEVELS.index(self.threshold) + 1]
        return [o for o in self.outcomes if o.requirement.level in levels and not o.tolerated]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the run as a whole: what was chosen of it, which no outcome tells, and the remarks."""
        left_out = "what that leaves out was not examined"
        return (*(f"{word}: {', '.join(of)}; {left_out}" for word, of in self.chosen), *self.remarks)

    @property
    def chosen(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What was selected, and what was ignored, if anything was."""
        return tuple((word, of) for word, of in (("selected", self.select), ("ignored", self.ignore)) if of)
