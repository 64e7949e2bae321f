"""What a law says of a migration, as an outcome like all others: with an id, a place in a file, and what to run to
see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from conformance.model.contract import Requirement
from conformance.model.history import Seen, Told
from conformance.model.outcome import Finding, Outcome
from conformance.model.record import replace

if TYPE_CHECKING:
    from conformance.registry import HistoryLaw

PLANE = "history"
_TRAFFIC = "live-traffic"


def id_of(key: str, law: str) -> str:
    """`history/0015/deduplicates`."""
    return f"{PLANE}/{key}/{law}"


def outcome_of(law: HistoryLaw, seen: Seen, broken: Seen | None) -> Outcome:
    """The law put to the migration. `broken` is the one that did not run, on account of which others were not
    reached."""
    told = law.judge(seen)
    requirement = _requirement(law, seen, told)
    because = None
    if told.verdict == "indeterminate" and seen.unseen and broken is not None:
        root = id_of(broken.migration.key, "steps")
        because = root if root != requirement.id else None
    outcome = Outcome(
        requirement=requirement,
        plane=PLANE,
        verdict=told.verdict,
        expected=law.EXPECTED,
        observed=told.observed,
        object=told.object,
        because=because,
        note=told.note,
        evidence={"examined": told.examined, **told.evidence},
        repair=told.repair,
    )
    return replace(outcome, findings=(_finding(outcome, told, seen),)) if told.verdict == "fail" else outcome


def _requirement(law: HistoryLaw, seen: Seen, told: Told) -> Requirement:
    file = seen.migration.down_file if told.down else seen.migration.file
    source = file
    if told.statement is not None:
        source = f"{file}:{told.statement.line}: {told.statement.brief}"
    return Requirement(
        id=id_of(seen.migration.key, law.LAW),
        claim=law.LAW,
        kind=PLANE,
        level=told.level or law.LEVEL,
        source=source,
        since=seen.migration.key,
        until=None,
        table="",
        columns=(),
        file=file,
        line=told.statement.line if told.statement is not None else 1,
    )


def _finding(outcome: Outcome, told: Told, seen: Seen) -> Finding:
    requirement = outcome.requirement
    shape = f"{requirement.id}\n{told.observed}\n{told.note}"
    return Finding(
        fingerprint=sha256(shape.encode("utf-8", "backslashreplace")).hexdigest()[:16],
        message=f"{requirement.file}:{requirement.line}: asked for {outcome.expected}, found {told.observed}",
        location=told.object or seen.migration.name,
        witness=told.steps[0] if told.steps else None,
        witnesses=told.steps,
    )


def remarks(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What each migration does to live tables, and what could not be filled, a line each."""
    for outcome in outcomes:
        if outcome.verdict == "pass" and outcome.note and outcome.requirement.level != "must":
            yield f"{outcome.requirement.since} {outcome.requirement.claim}: {outcome.note}"
