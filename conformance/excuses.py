"""Waivers put to outcomes: what they excuse, and what is to be said of those that excuse nothing.

An unexpected pass is strict: what a waiver names, and holds, fails because of the waiver, unless the waiver is needed
for something else that it names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.model.record import replace

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.model.outcome import Outcome
    from conformance.model.waiver import Waiver


def load(file: Path | None) -> tuple[Waiver, ...]:
    """The waivers of the file, if there is one. Raises `UsageError`."""
    if file is None:
        return ()
    from conformance.sources.waivers import load

    return load(file)


def waived(
    outcomes: Sequence[Outcome], excuses: Sequence[Waiver], now: datetime, elsewhere: Callable[[], Sequence[str]]
) -> tuple[Outcome, ...]:
    """The outcomes, those that fail and are excused as `waived`, those that hold and are excused in vain as `fail`.
    `elsewhere` as for `idle`."""
    current = [waiver for waiver in excuses if _current(waiver, now)]
    found = []
    for outcome in outcomes:
        for waiver in current:
            if outcome.verdict == "fail" and fnmatchcase(outcome.requirement.id, waiver.requirement):
                note = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
                outcome = replace(outcome, verdict="waived", note="; ".join(filter(None, (outcome.note, note))))
                break
        found.append(outcome)
    for waiver in current:
        matched = [n for n, o in enumerate(found) if fnmatchcase(o.requirement.id, waiver.requirement)]
        if any(found[n].verdict == "waived" for n in matched):
            continue
        holding = [n for n in matched if found[n].verdict == "pass"]
        if holding and not any(fnmatchcase(id_, waiver.requirement) for id_ in elsewhere()):
            for n in holding:
                found[n] = _in_vain(found[n], waiver)
    return tuple(found)


def _in_vain(outcome: Outcome, waiver: Waiver) -> Outcome:
    from hashlib import sha256

    from conformance.model.mending import comment
    from conformance.model.outcome import Finding

    which = f"the waiver for {waiver.requirement} of {waiver.owner}, until {waiver.expires}"
    note = f"it holds, and an unexpected pass is strict: remove {which}: {waiver.reason}"
    finding = Finding(
        fingerprint=sha256(f"{outcome.requirement.id}\n{waiver.requirement}".encode()).hexdigest()[:16],
        message=f"{outcome.requirement.subject}: {note}",
        location=outcome.requirement.subject,
    )
    return replace(outcome, verdict="fail", note=note, findings=(finding,), repair=comment(f"remove {which}"))


def idle(
    excuses: Sequence[Waiver], outcomes: Sequence[Outcome], now: datetime, elsewhere: Callable[[], Sequence[str]]
) -> Iterator[str]:
    """What is to be said of waivers that excuse nothing. `elsewhere` gives the ids that this run did not judge because
    another command does."""
    elsewhere = cache(elsewhere)
    for requirement, count in Counter(waiver.requirement for waiver in excuses).items():
        if count > 1:
            yield f"there are {count} waivers for {requirement}: the first of them that has not expired counts"
    aside = 0
    for waiver in excuses:
        matched = [o for o in outcomes if fnmatchcase(o.requirement.id, waiver.requirement)]
        if matched and not _current(waiver, now):
            yield f"the waiver for {waiver.requirement} expired on {waiver.expires} and excuses nothing"
        elif any(o.verdict == "waived" for o in matched):
            continue
        elif any(fnmatchcase(id_, waiver.requirement) for id_ in elsewhere()):
            aside += not matched
        elif matched:
            yield f"the waiver for {waiver.requirement} excuses nothing: what it names does not fail; remove it"
        else:
            yield f"the waiver for {waiver.requirement} matches no requirement that was judged"
    if aside:
        yield f"{aside} waiver{'s' * (aside > 1)} for {_what_of(elsewhere())}"


def _what_of(ids: Sequence[str]) -> str:
    """What this run does not judge: the invariants alone, or more."""
    from conformance.registry import claims

    if any(id_.rpartition("/")[2] in claims() for id_ in ids):
        return "what other commands judge"
    return "invariants of rows, which `conformance audit` judges"


def _current(waiver: Waiver, now: datetime) -> bool:
    return now.date().isoformat() <= waiver.expires
