"""What became of a law of an implementation, as an outcome like all others: the history that departs is its witness."""

from __future__ import annotations

import re
from hashlib import sha256

from conformance.model.conduct import Departure, Law, Told, lasting
from conformance.model.contract import Level, Requirement
from conformance.model.outcome import Finding, Outcome
from conformance.model.record import replace

PLANE = "adapter"
_SOURCE = "the documentation of the fields"
_NUMBERS = re.compile(r"\d+")


def outcome_of(told: Told) -> Outcome:
    """The law, as it was put to the implementation."""
    found = None if told.departure is None else _lasting(told.departure)
    outcome = Outcome(
        requirement=requirement_of(told.law, found.level if found is not None else None),
        plane=PLANE,
        verdict="pass",
        expected=told.law.expected,
        observed=f"so in {told.tried:,} {_counted(told)}",
        note=told.note,
        evidence={"examined": told.tried, **told.evidence},
    )
    if found is not None:
        note = "; ".join(filter(None, (found.note, told.note)))
        failed = replace(outcome, verdict="fail", observed=found.observed, note=note, repair=None)
        return replace(failed, findings=(_finding(failed, found),))
    if told.idle:
        return replace(outcome, verdict="not-applicable", observed="", note=told.idle, evidence={"examined": 0})
    if told.unseen:
        return replace(outcome, verdict="indeterminate", observed="", note=told.unseen)
    return outcome


def _counted(told: Told) -> str:
    if told.tried == 1:
        return told.unit
    return f"{told.unit[:-1]}ies" if told.unit.endswith("y") else f"{told.unit}s"


def _lasting(found: Departure) -> Departure:
    """The departure in words that two runs share."""
    return replace(
        found,
        observed=lasting(found.observed),
        history=tuple(map(lasting, found.history)),
        script=None if found.script is None else lasting(found.script),
    )


def requirement_of(law: Law, level: Level | None = None) -> Requirement:
    """A law as a claim like all others, at its own level or the one at which it was departed from."""
    return Requirement(
        id=f"{PLANE}/{law.id}",
        claim=law.id.partition("/")[2],
        kind=PLANE,
        level=level or law.level,
        source=_SOURCE,
        since=law.since,
        until=None,
        table="",
        columns=(),
        file=f"conformance/conduct/{law.area}.py",
        line=1,
    )


def _finding(outcome: Outcome, found: Departure) -> Finding:
    requirement = outcome.requirement
    shape = f"{requirement.id}\n{_NUMBERS.sub('', found.observed)}"
    return Finding(
        fingerprint=sha256(shape.encode("utf-8", "backslashreplace")).hexdigest()[:16],
        message=f"{requirement.id}: asked for {outcome.expected}, found {found.observed}",
        location=requirement.id,
        witness=found.history[-1] if found.history else None,
        witnesses=found.history,
        script=found.script,
    )
