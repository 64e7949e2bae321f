"""What became of a requirement: the verdict, what was observed, and the proven departures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from conformance.model.contract import Requirement
from conformance.model.record import Record, field, replace
from conformance.model.waiver import Waiver

MOST_WITNESSES = 10

TOLD_IN_STEPS = ("history", "adapter")
"""The planes whose witnesses are what to do to see it, a step each, and no rows."""

Verdict = Literal["pass", "fail", "waived", "not-applicable", "indeterminate"]

VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "waived", "not-applicable", "indeterminate")


class Judgement(Record, often=True):
    """What a check says of one requirement and one table: the part of an outcome that is the check's own.

    `observed` stands beside the requirement's `expected`. `note` says why something that is spelled otherwise passes,
    or why something that looks right fails, or what kept it from being decided. `witness` is the smallest thing that
    tells the two apart, where there is one.
    """

    verdict: Verdict
    expected: str
    observed: str
    note: str = ""
    object: str | None = None
    examined: int = 1
    witness: str | None = None


class Finding(Record):
    """A proven departure. `fingerprint` survives re-runs: it hashes what departs and how, not where it was seen.

    Where rows depart, `total` says how many, and `witnesses` are the first of them. Where behaviour departs, `script`
    is the smallest SQL that shows it. Of a place in a file, `line` and `column` count from 1,
    `frame` is the line with the place marked, and `repair` is the SQL that does the same without it. `tolerated` says
    that the baseline has it too."""

    fingerprint: str
    message: str
    location: str
    witness: str | None = None
    witnesses: tuple[str, ...] = ()
    total: int | None = None
    script: str | None = None
    file: str = ""
    line: int = 0
    column: int = 0
    frame: str | None = None
    repair: str | None = None
    tolerated: bool = False

    @property
    def more(self) -> int:
        """How many rows depart beside those that are shown.

        Fewer witnesses than may be shown are all there are, though one may stand for several rows, as a cycle does."""
        return max((self.total or 0) - MOST_WITNESSES, 0) if len(self.witnesses) == MOST_WITNESSES else 0


class Outcome(Record, often=True):
    """One requirement against one target.

    `waiver` is what excuses it, where that is so. `tolerated` says why it does not fail the run though it fails, or
    could not be looked at: the baseline has it too. It is no verdict, and "" where it is new.
    """

    requirement: Requirement
    plane: str
    verdict: Verdict
    expected: str
    observed: str
    object: str | None = None
    because: str | None = None
    note: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    repair: str | None = None
    waiver: Waiver | None = None
    tolerated: str = ""

    @property
    def status(self) -> str:
        """The verdict, or `tolerated` for what fails as it did in the baseline. What could not be looked at is called
        by that name in any case."""
        return "tolerated" if self.tolerated and self.verdict == "fail" else self.verdict


def passed(expected: str, observed: str, note: str = "", *, object: str | None = None, examined: int = 1) -> Judgement:  # noqa: A002
    """The claim holds; `note` says how, where it is spelled in another way."""
    return Judgement(verdict="pass", expected=expected, observed=observed, note=note, object=object, examined=examined)


def failed(
    expected: str,
    observed: str,
    note: str = "",
    *,
    object: str | None = None,  # noqa: A002
    examined: int = 1,
    witness: str | None = None,
) -> Judgement:
    """The claim is departed from; `note` says why what looks like it does not keep it."""
    return Judgement(
        verdict="fail",
        expected=expected,
        observed=observed,
        note=note,
        object=object,
        examined=examined,
        witness=witness,
    )


def undecided(expected: str, observed: str, note: str, *, object: str | None = None) -> Judgement:  # noqa: A002
    """It could not be decided; `note` says what kept it."""
    return Judgement(
        verdict="indeterminate", expected=expected, observed=observed, note=note, object=object, examined=0
    )


def about(judgement: Judgement, names: Iterable[str]) -> Judgement:
    """The judgement with the one object that it is about, where it does not pass: a waiver excuses that by any name."""
    if judgement.verdict == "pass" or judgement.object is not None:
        return judgement
    found = list(names)
    return replace(judgement, object=found[0]) if len(found) == 1 else judgement
