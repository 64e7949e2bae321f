"""What is wrong with waivers themselves: a finding each, which lies where the waiver stands.

Why: a waiver that excuses nothing although somebody relies on it is worse than none, and one that excuses more than was
meant hides what nobody has looked at.

Example: `waiver/0015/agents.name/unique` fails where the waiver for `0015/agents.name/unique` has expired.

Fails: no reason; a glob over more than one table of one migration; an end that is past; a name that no requirement, no
invariant and no lint has; what does not apply any more; no shape, or another one than what is there; fewer rows than
depart. What a waiver names, and holds, is a finding of its own requirement.

Passes: a reason, an owner, an end to come (the whole of that day in UTC), one table of one migration, the shape of what
is there, which `conformance waive` writes down.

Repair: remove it, or mend what is wrong with it; `conformance waive SOURCE ID` writes one that is in order.

Limits: a waiver of what only another command judges is left to that command. Findings of waivers cannot be waived.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from conformance.excuses import matches, why_void
from conformance.model.contract import FIRST_MIGRATION, LEVELS, Level, Requirement
from conformance.model.mending import comment
from conformance.model.outcome import Finding, Outcome
from conformance.model.shape import excused, shapes

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.model.waiver import Waiver

PLANE, KIND = "waivers", "waiver"

_EXPECTED = "a waiver that is in order: a reason, one table of one migration, a day to come, the shape of what is there"
_LATER = re.compile(r"(?:history|adapter|property)/")
_MIGRATION = re.compile(r"(?:^|/)([0-9]{4})/")
_OF_SCHEMAS = ("structure", "state")
_SHOWN = 3


def faults(
    excuses: Sequence[Waiver],
    found: Sequence[Outcome],
    now: datetime,
    elsewhere: Callable[[], Sequence[str]],
    beyond: Callable[[], Sequence[str]],
    chosen: Callable[[str], bool],
    *,
    final: bool,
) -> Mapping[Waiver, Outcome]:
    """One outcome for each waiver that is not in order. `found` are the outcomes before anything was excused,
    `elsewhere` and `beyond` give the ids that other commands judge, of this profile and at all; `chosen` says whether a
    requirement was selected: what only concerns others is left to a run that judges them. `final` says that the schema
    is judged as of the last migration, after which nothing applies again."""
    ids = [outcome.requirement.id for outcome in found]
    elsewhere, beyond = cache(elsewhere), cache(beyond)
    wrong: dict[Waiver, Outcome] = {}
    for waiver in excuses:
        of = [outcome for outcome in found if matches(waiver, outcome)]
        if of and not any(chosen(outcome.requirement.id) for outcome in of):
            continue
        if not of and any(fnmatchcase(id_, waiver.requirement) for id_ in elsewhere()):
            continue
        why = why_void(waiver, ids, now, elsewhere)
        why = f"{why}, and excuses nothing" if why else _why_unfit(waiver, of, beyond, final=final)
        if why:
            wrong[waiver] = _outcome(waiver, why, of, {outcome.requirement.id for outcome in wrong.values()})
    return wrong


def unknown(waiver: Waiver, beyond: Callable[[], Sequence[str]]) -> bool:
    """Whether no command judges anything of this name. Which migrations a history has only its replay knows."""
    if _LATER.match(waiver.requirement):
        return False
    return not any(fnmatchcase(id_, waiver.requirement) for id_ in beyond())


def _why_unfit(waiver: Waiver, of: Sequence[Outcome], beyond: Callable[[], Sequence[str]], *, final: bool) -> str:
    if not of:
        return "there is no requirement, no invariant and no lint of this name" if unknown(waiver, beyond) else ""
    if final and all(o.verdict == "not-applicable" and o.plane in _OF_SCHEMAS for o in of):
        return "what it names does not apply any more: remove it"
    failing = [outcome for outcome in of if outcome.verdict == "fail" and not excused(outcome, waiver.shape)]
    if not failing:
        return ""
    told = [f"{o.requirement.id} has {', '.join(map(repr, shapes(o)[:_SHOWN]))}" for o in failing[:_SHOWN]]
    more = f", and {len(failing) - _SHOWN} more" if len(failing) > _SHOWN else ""
    held = {shape[:16] for shape in waiver.shape}
    bound = "other shapes than what is there" if held else "no shape"
    if held and all(shape[:16] in held for outcome in failing for shape in shapes(outcome)):
        bound = "fewer rows than depart"
    return f"it is bound to {bound}, and does not excuse it: {'; '.join(told)}{more}"


def _outcome(waiver: Waiver, why: str, of: Sequence[Outcome], taken: Collection[str]) -> Outcome:
    requirement = _requirement(waiver, of, taken)
    mend = "remove it, or mend what is wrong with it; `conformance waive SOURCE ID` writes one that is in order"
    shape = f"{requirement.id}\n{why}".encode("utf-8", "backslashreplace")
    finding = Finding(
        fingerprint=sha256(shape).hexdigest()[:16],
        message=f"the waiver for {waiver.requirement} of {waiver.owner}: {why}",
        location=f"{waiver.file}:{waiver.line}",
    )
    return Outcome(
        requirement=requirement,
        plane=PLANE,
        verdict="fail",
        expected=_EXPECTED,
        observed=why,
        evidence={"examined": len(of)},
        findings=(finding,),
        repair=comment(f"{finding.location}: {mend}"),
    )


def _requirement(waiver: Waiver, of: Sequence[Outcome], taken: Collection[str]) -> Requirement:
    """It is as strong as the strongest that the waiver names; one that names nothing was meant for something."""
    levels: list[Level] = [outcome.requirement.level for outcome in of]
    stands = _MIGRATION.search(waiver.requirement)
    id_ = f"waiver/{waiver.requirement}"
    while id_ in taken:
        id_ += "'"
    return Requirement(
        id=id_,
        claim=KIND,
        kind=KIND,
        level=min(levels, key=LEVELS.index, default="must"),
        source=f"{waiver.file}:{waiver.line}, of {waiver.owner}",
        since=of[0].requirement.since if of else stands[1] if stands else FIRST_MIGRATION,
        until=None,
        table=of[0].requirement.table if of else "",
        columns=(),
        file=waiver.file,
        line=waiver.line,
    )
