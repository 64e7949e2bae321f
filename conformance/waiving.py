"""`conformance waive`: one more waiver, for what departs now and in the shape in which it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate, UsageError
from conformance.excuses import scope
from conformance.model.record import replace
from conformance.model.waiver import Waiver
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.outcome import Outcome
    from conformance.model.report import Report

FILE = Path("conformance-waivers.toml")

_SHOWN = 3


def waive(
    source: str,
    pattern: str,
    *,
    reason: str,
    owner: str,
    expires: str,
    ticket: str = "",
    file: Path | str | None = None,
    options: Options | None = None,
    **chosen: object,
) -> tuple[Waiver, str]:
    """A waiver for the requirement, or for those of one table of one migration that a glob names, as far as they depart
    in the source: the URL of a database, a snapshot, a JSON report, or migrations. With it the text of the file with
    the waiver at its end; nothing is written.

    `expires` is the last day on which it counts, in UTC. `chosen` are fields of `Options`. Raises `ConformanceError`
    where it would be no waiver that is in order, or where what it names does not fail.
    """
    from conformance.model.shape import shapes
    from conformance.sides import report_of
    from conformance.sources.waivers import appended, load

    options = replace(replace(options or Options(), **chosen), select=(), ignore=(), waivers=None, baseline=None)
    place = Path(file) if file is not None else FILE
    waiver = Waiver(
        requirement=pattern.strip(),
        reason=_said("--reason", reason),
        owner=_said("--owner", owner),
        expires=_day(expires),
        ticket=" ".join(ticket.split()),
        file=str(place),
    )
    taken = [one for one in (load(place) if place.exists() else ()) if one.requirement == waiver.requirement]
    if taken:
        raise UsageError(f"{place}:{taken[0].line} has a waiver for {waiver.requirement}: remove it first")
    report = report_of(source, options, rows=_of_rows(waiver.requirement, options))
    failing = _failing(waiver.requirement, report)
    waiver = replace(waiver, shape=tuple(dict.fromkeys(shape for one in failing for shape in shapes(one))))
    text = appended(place, waiver)
    return replace(waiver, line=text.count("\n") - _height(waiver)), text


def _height(waiver: Waiver) -> int:
    """How many lines of the entry follow its first, at the end of the file."""
    return 4 + bool(waiver.ticket) + (1 if len(waiver.shape) == 1 else len(waiver.shape) + 2)


def _said(option: str, text: str) -> str:
    found = " ".join(text.split())
    if not any(character.isalnum() for character in found):
        raise UsageError(f"{option} says nothing: whoever reads the waiver has to know why it is there and whose it is")
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(f"{option} is not UTF-8") from None
    return found


def _day(text: str) -> str:
    """The day, which is to come. Raises `UsageError`."""
    try:
        if len(text) != len("2027-01-31"):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires {text[:20]!a} is no day; write it as 2027-01-31") from None
    today = datetime.now(UTC).date()
    if day < today:
        raise UsageError(f"--expires {text} is past: in UTC today is {today}, and the waiver would excuse nothing")
    return day.isoformat()


def _of_rows(pattern: str, options: Options) -> bool:
    """Whether the rows have to be looked at."""
    from conformance.run import load_claims

    _, claims = load_claims(options)
    return any(fnmatchcase(claim.requirement.id, pattern) for claim in claims)


def _failing(pattern: str, report: Report) -> Sequence[Outcome]:
    """What the pattern names and what departs. Raises `ConformanceError` where a waiver would have no use."""
    named = [o for o in report.outcomes if fnmatchcase(o.requirement.id, pattern) and o.plane != "waivers"]
    if not named:
        raise UsageError(f"{pattern} matches no requirement that was judged; `conformance list` shows the ids")
    scopes = sorted({scope(outcome.requirement.id) for outcome in named})
    if len(scopes) > 1:
        told = ", ".join(scopes[:_SHOWN]) + (", …" if len(scopes) > _SHOWN else "")
        raise UsageError(f"{pattern} is over-broad: it names more than one table of one migration ({told})")
    failing = [outcome for outcome in named if outcome.verdict == "fail"]
    if failing:
        return failing
    undecided = [outcome for outcome in named if outcome.verdict == "indeterminate"]
    if undecided:
        one = undecided[0]
        raise CannotEvaluate(f"{one.requirement.id} could not be evaluated, and cannot be waived: {one.note}")
    verdicts = ", ".join(sorted({outcome.verdict for outcome in named}))
    raise UsageError(f"{pattern} does not fail ({verdicts}): there is nothing to waive")
