"""Waivers put to outcomes: what they excuse, and what is to be said of those that excuse nothing.

A waiver excuses what it names as long as it gives a reason, has not expired, names requirements of one table of one
migration, and is bound to the shape of what is there: a column that was waived as smallint fails again as text. An
unexpected pass is strict: what a waiver names, and holds, fails because of the waiver, unless the waiver is needed for
something else that it names. What is wrong with a waiver itself is a finding of its own (`conformance.waiver_faults`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.model.contract import LAST_MIGRATION
from conformance.model.record import replace
from conformance.options import selected

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.model.outcome import Outcome
    from conformance.model.waiver import Waiver
    from conformance.options import Options

_WANTED = ("fail", "waived", "indeterminate")


def load(file: Path | None) -> tuple[Waiver, ...]:
    """The waivers of the file, if there is one. Raises `UsageError`."""
    if file is None:
        return ()
    from conformance.sources.waivers import load

    return load(file)


def settled(
    found: Sequence[Outcome],
    excuses: Sequence[Waiver],
    now: datetime,
    elsewhere: Callable[[], Sequence[str]],
    options: Options,
) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
    """The outcomes that were selected, as the waivers leave them, with one for each waiver that is not in order; and
    what is to be said of the others. `elsewhere` as for `idle`."""
    judged = waived(found, excuses, now, elsewhere)
    outcomes = tuple(outcome for outcome in judged if selected(outcome.requirement.id, options))
    if not excuses:
        return outcomes, ()
    from conformance.elsewhere import known
    from conformance.waiver_faults import faults

    def chosen(id_: str) -> bool:
        return selected(id_, options)

    wrong = faults(
        excuses, found, now, elsewhere, lambda: known(options), chosen, final=options.through == LAST_MIGRATION
    )
    return (*outcomes, *wrong.values()), tuple(idle(excuses, wrong, outcomes, elsewhere))


def waived(
    outcomes: Sequence[Outcome], excuses: Sequence[Waiver], now: datetime, elsewhere: Callable[[], Sequence[str]]
) -> tuple[Outcome, ...]:
    """The outcomes, those that fail and are excused as `waived`, those that hold and are excused in vain as `fail`.
    `elsewhere` as for `idle`."""
    if not excuses:
        return tuple(outcomes)
    from conformance.model.shape import excused

    ids = [outcome.requirement.id for outcome in outcomes]
    current = [waiver for waiver in excuses if not why_void(waiver, ids, now, elsewhere)]
    found = []
    for outcome in outcomes:
        for waiver in current:
            if outcome.verdict == "fail" and matches(waiver, outcome) and excused(outcome, waiver.shape):
                note = "; ".join(filter(None, (outcome.note, waiver.words)))
                outcome = replace(outcome, verdict="waived", note=note, waiver=waiver)
                break
        found.append(outcome)
    for waiver in current:
        matched = [n for n, o in enumerate(found) if matches(waiver, o)]
        if any(found[n].verdict in _WANTED for n in matched):
            continue
        holding = [n for n in matched if found[n].verdict == "pass"]
        if holding and not any(fnmatchcase(id_, waiver.requirement) for id_ in elsewhere()):
            for n in holding:
                found[n] = _in_vain(found[n], waiver)
    return tuple(found)


def why_void(waiver: Waiver, ids: Iterable[str], now: datetime, elsewhere: Callable[[], Sequence[str]]) -> str:
    """Why the waiver excuses nothing, whatever it is put to; "" where it may. `ids` are what this run judged."""
    if not any(character.isalnum() for character in waiver.reason):
        return "it gives no reason"
    if any(character in waiver.requirement for character in "*?["):
        every = (*ids, *elsewhere())
        scopes = sorted({scope(id_) for id_ in every if fnmatchcase(id_, waiver.requirement)})
        if len(scopes) > 1:
            more = ", …" if len(scopes) > 2 else ""
            return f"it is over-broad, and names more than one table of one migration ({', '.join(scopes[:2])}{more})"
    if now.date().isoformat() > waiver.expires:
        return f"it expired on {waiver.expires}"
    return ""


def scope(id_: str) -> str:
    """What a waiver may cover at most: `0015/agents` of `0015/agents.name/unique`, a lint, a migration of a history."""
    return id_.rpartition("/")[0].partition(".")[0] or id_


def matches(waiver: Waiver, outcome: Outcome) -> bool:
    """Whether the waiver names what the outcome is of."""
    return fnmatchcase(outcome.requirement.id, waiver.requirement)


def _in_vain(outcome: Outcome, waiver: Waiver) -> Outcome:
    from hashlib import sha256

    from conformance.model.mending import comment
    from conformance.model.outcome import Finding

    which = f"the waiver for {waiver.requirement} of {waiver.owner}, until {waiver.expires}"
    note = f"it holds, and an unexpected pass is strict: remove {which}: {waiver.reason}"
    shape = f"{outcome.requirement.id}\n{waiver.requirement}".encode("utf-8", "backslashreplace")
    finding = Finding(
        fingerprint=sha256(shape).hexdigest()[:16],
        message=f"{outcome.requirement.subject}: {note}",
        location=outcome.requirement.subject,
    )
    return replace(outcome, verdict="fail", note=note, findings=(finding,), repair=comment(f"remove {which}"))


def idle(
    excuses: Sequence[Waiver],
    wrong: Collection[Waiver],
    outcomes: Sequence[Outcome],
    elsewhere: Callable[[], Sequence[str]],
) -> Iterator[str]:
    """What is to be said of waivers that excuse nothing here, and are not `wrong`. `elsewhere` gives the ids that this
    run did not judge because another command does."""
    elsewhere = cache(elsewhere)
    for requirement, count in Counter(waiver.requirement for waiver in excuses).items():
        if count > 1:
            yield f"there are {count} waivers for {requirement}: the first of them that is in order counts"
    aside = 0
    for waiver in excuses:
        matched = [o.verdict for o in outcomes if matches(waiver, o)]
        if waiver in wrong or "waived" in matched or "fail" in matched:
            continue
        if any(fnmatchcase(id_, waiver.requirement) for id_ in elsewhere()):
            aside += not matched
        elif "indeterminate" in matched:
            yield f"the waiver for {waiver.requirement} excuses nothing: what it names could not be evaluated"
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
