"""What hosts of code list: one result a finding, worst first, each with a place in a file and a name of its own.

What follows from another outcome has no finding; it is counted under the one that it follows from, and is a result of
its own where that one does not stand for it. What could not be evaluated is a result as well: it is never a pass.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from conformance.model.contract import LEVELS
from conformance.model.outcome import Finding, Outcome
from conformance.model.record import Record
from conformance.model.report import Report
from conformance.render.bounded import cut
from conformance.render.encoded import sound
from conformance.render.layout import inert
from conformance.render.roots import cause_of

_LISTED = ("fail", "indeterminate", "waived")
_OURS = re.compile(r"([0-9]{4}|baseline)\.toml")
_NOWHERE = "contract"


class Result(Record):
    """One finding, or an outcome that has none. `followers` follow from it; `fingerprint` is no other result's, and
    the same in every run."""

    outcome: Outcome
    finding: Finding | None
    fingerprint: str
    followers: int = 0

    @property
    def tolerated(self) -> bool:
        """Whether the baseline has it too."""
        return _known(self.outcome, self.finding)

    @property
    def excused(self) -> bool:
        """Whether it does not fail the run, because somebody knows of it."""
        return self.outcome.verdict == "waived" or self.tolerated

    @property
    def severity(self) -> int:
        """0 for what is asked for most, as in `LEVELS`."""
        return LEVELS.index(self.outcome.requirement.level)

    @property
    def message(self) -> str:
        """All that has to be read, in one line that is inert."""
        return self.shortened(sys.maxsize)

    def shortened(self, longest: int) -> str:
        """Its message, or so much of it."""
        return inert(cut("; ".join(filter(None, _said(self))), longest))


def results(report: Report) -> list[Result]:
    """What does not pass, worst first: `must` before `should`, what fails before what could not be looked at."""
    by_id = {outcome.requirement.id: outcome for outcome in report.outcomes}
    found: list[tuple[Outcome, Finding | None]] = []
    followers: Counter[str] = Counter()
    for outcome in report.outcomes:
        if outcome.verdict not in _LISTED:
            continue
        if outcome.findings:
            found += [(outcome, finding) for finding in outcome.findings]
        elif stands := _standing_for(outcome, by_id):
            followers[stands] += 1
        else:
            found.append((outcome, None))
    found.sort(key=lambda pair: _place(*pair))
    names = _fingerprints(found)
    return [
        Result(outcome=outcome, finding=finding, fingerprint=name, followers=followers[outcome.requirement.id])
        for (outcome, finding), name in zip(found, names, strict=True)
    ]


def place_of(result: Result) -> tuple[str, int]:
    """The file in which the hazard is, or which states the requirement, as hosts name files, with slashes; and the
    line."""
    requirement, finding = result.outcome.requirement, result.finding
    told, line = (finding.file, finding.line) if finding and finding.file else (requirement.file, requirement.line)
    file = str(sound(told)).replace("\\", "/").removeprefix("./")
    if _OURS.fullmatch(file):
        file = f"conformance/contract/{file}"
    return inert(file) or _NOWHERE, max(line, 1)


def rule_of(outcome: Outcome) -> str:
    """The check, the invariant or the law that judged it: `unique`, `invariant/no-orphan`, `history/resumes`."""
    requirement = outcome.requirement
    if outcome.plane in ("adapter", "lint"):
        return inert(requirement.id)
    if requirement.kind == "invariant":
        return inert(f"invariant/{requirement.claim}")
    if outcome.plane == "history":
        return inert(f"history/{requirement.claim}")
    return inert(f"property/{requirement.claim}" if outcome.plane == "behaviour" else requirement.kind)


def _standing_for(outcome: Outcome, by_id: Mapping[str, Outcome]) -> str | None:
    """The id of the result under which this outcome is counted, where nothing is hidden by that."""
    id_ = cause_of(outcome, by_id)
    cause = by_id.get(id_)
    if cause is None or cause is outcome or cause.verdict != outcome.verdict:
        return None
    if bool(cause.tolerated) != bool(outcome.tolerated):
        return None
    weaker = LEVELS.index(cause.requirement.level) > LEVELS.index(outcome.requirement.level)
    listed = bool(cause.findings) or cause.because is None
    return id_ if listed and not weaker else None


def _place(outcome: Outcome, finding: Finding | None) -> tuple[bool, int, int]:
    level = LEVELS.index(outcome.requirement.level)
    return outcome.verdict == "waived" or _known(outcome, finding), level, _LISTED.index(outcome.verdict)


def _known(outcome: Outcome, finding: Finding | None) -> bool:
    """Whether the baseline has it too; of a lint each place is known or new by itself."""
    return bool(outcome.tolerated) or (finding is not None and finding.tolerated)


def _fingerprints(found: Sequence[tuple[Outcome, Finding | None]]) -> Iterator[str]:
    """`0123456789abcdef:1`; what has the same fingerprint is counted on."""
    seen: Counter[str] = Counter()
    for outcome, finding in found:
        shape = f"{outcome.requirement.id}\n{outcome.verdict}".encode("utf-8", "backslashreplace")
        name = finding.fingerprint if finding else sha256(shape).hexdigest()[:16]
        seen[name] += 1
        yield f"{name}:{seen[name]}"


def _said(result: Result) -> Iterator[str]:
    outcome = result.outcome
    message = result.finding.message if result.finding else _asked(outcome)
    if result.tolerated:
        yield f"tolerated: {outcome.tolerated or 'the baseline has it too'}"
    if outcome.verdict == "waived":
        yield f"waived: {outcome.note}"
    elif outcome.note not in message:
        message = f"{message} ({outcome.note})"
    yield message
    if outcome.because:
        yield f"because of {outcome.because}"
    if result.followers:
        yield f"and {result.followers} that follow{'s' * (result.followers == 1)} from it"


def _asked(outcome: Outcome) -> str:
    opening = "could not be evaluated: " if outcome.verdict == "indeterminate" else ""
    found = f", found {outcome.observed}" if outcome.observed else ""
    return f"{opening}{outcome.requirement.subject or outcome.requirement.id}: asked for {outcome.expected}{found}"
