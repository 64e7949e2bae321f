"""A run compared with an earlier report: what departs as it did there is tolerated, what is new or worse is not.

Worse is what held there, or could not be looked at, and fails now; what fails in another shape; where rows depart, more
of them or others; and what could not be looked at for another reason. What the baseline does not have was not known to
it, and is new. What was waived there is not excused by that. A lint is told from another by the file's name and the
statement, wherever in the file it moved to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from os.path import normpath
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.model.record import replace

if TYPE_CHECKING:
    from conformance.model.baseline import Baseline
    from conformance.model.outcome import Finding, Outcome
    from conformance.model.report import Report
    from conformance.options import Options

_LISTED = ("fail", "indeterminate")
_PLANES = ("structure", "state", "lint", "waivers")
_SHOWN = 12


def load(options: Options, *, files: bool) -> Report | None:
    """The baseline that the options name, if they do; `files` says that files are looked at, and no database.

    Raises `UsageError` where it is no report, or is one of something else than what the run asks for.
    """
    file = options.baseline
    if file is None:
        return None
    from conformance.rendering import report

    base = report(file)
    for name in ("profile", "through"):
        asked, had = getattr(options, name), getattr(base, name)
        if asked != had:
            raise UsageError(f"the baseline {file} is of --{name} {had!a}, this run of {asked!a}: give one of the same")
    others = {outcome.plane for outcome in base.outcomes}.difference(_PLANES)
    if others or files != (not base.target.session_user):
        wanted = "`conformance lint`" if files else "`conformance check` or `conformance audit`"
        raise UsageError(f"the baseline {file} is of another command: this run needs a report of {wanted}")
    return base


def refuse(options: Options) -> None:
    """Raises `UsageError` where a run that compares itself with nothing is given a baseline."""
    if options.baseline is not None:
        raise UsageError("a baseline is for check, audit and lint: what this run finds has none")


def compared(
    report: Report, base: Report | None, options: Options, looked_at: Callable[[str], bool] | None = None
) -> Report:
    """The report, with what the baseline has too marked as tolerated, and what was mended since said. `looked_at` says
    of a file whether a lint would have told what is in it, where files were read."""
    if base is None:
        return report
    from conformance.model.baseline import Baseline

    before = {outcome.requirement.id: outcome for outcome in base.outcomes}
    outcomes = tuple(_told(outcome, before.get(outcome.requirement.id)) for outcome in report.outcomes)
    now = {outcome.requirement.id: outcome for outcome in outcomes}
    built = looked_at is None or _has_all(report.target.address, base.target.address)
    mended, unseen = _since(before, now, looked_at or (lambda _: True), built=built)
    held = Baseline(
        file=str(options.baseline),
        tool=base.tool,
        address=base.target.address,
        started=base.started,
        mended=mended,
        unseen=unseen,
    )
    told = replace(report, outcomes=outcomes, baseline=held)
    return replace(told, remarks=(*report.remarks, *_remarks(told, base, held)))


def _told(outcome: Outcome, before: Outcome | None) -> Outcome:
    """The outcome, tolerated where it is no worse than before; of a lint each place by itself."""
    if before is None or outcome.verdict not in _LISTED or before.verdict not in _LISTED:
        return outcome
    from conformance.model.shape import shape_of

    if outcome.plane == "lint":
        known = {finding.fingerprint for finding in before.findings}
        findings = tuple(replace(one, tolerated=one.fingerprint in known) for one in outcome.findings)
        whole = bool(findings) and all(one.tolerated for one in findings)
        return replace(outcome, findings=findings, tolerated="the baseline has each of these places" * whole)
    if before.verdict != outcome.verdict:
        return outcome
    if shape_of(outcome) != shape_of(before) or _more(outcome.findings, before.findings):
        return outcome
    findings = tuple(replace(one, tolerated=True) for one in outcome.findings)
    return replace(outcome, findings=findings, tolerated=_why(outcome, before))


def _why(outcome: Outcome, before: Outcome) -> str:
    from conformance.model.shape import departing

    now, then = departing(outcome), departing(before)
    if outcome.verdict == "indeterminate":
        return "in the baseline it could not be looked at either, for the same reason"
    if now is not None and then is not None and now < then:
        return f"the baseline has {then:,} that depart, of which no more than {now:,} are left"
    return "the baseline has it too"


def _more(now: Sequence[Finding], then: Sequence[Finding]) -> bool:
    """Whether more rows depart than before, or others, as far as the witnesses tell."""
    return len(now) != len(then) or any(_others(one, other) for one, other in zip(now, then, strict=True))


def _others(now: Finding, then: Finding) -> bool:
    if now.total is None or then.total is None:
        return now.total is not then.total
    if now.total >= then.total:  # if they were the same, the same of them would be shown
        return now.total > then.total or now.witnesses != then.witnesses
    all_are_shown = then.total == len(then.witnesses)
    return all_are_shown and not set(now.witnesses) <= set(then.witnesses)


def _has_all(now: str, before: str) -> bool:
    """Whether all the paths of the baseline were read, so that what holds now was mended."""
    there = {normpath(path) for path in now.split(", ")}
    return now == before or all(normpath(path) in there for path in before.split(", "))


def _since(
    before: Mapping[str, Outcome], now: Mapping[str, Outcome], looked_at: Callable[[str], bool], *, built: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What departed in the baseline and does not any more, and what was not looked at now; `built` says that what the
    statements build is that of all that was read then."""
    mended: list[str] = []
    unseen: list[str] = []
    for id_, outcome in before.items():
        if outcome.verdict not in _LISTED:
            continue
        found = now.get(id_)
        if found is None and outcome.plane != "waivers":
            unseen.append(id_)
        elif found is not None and outcome.plane == "lint":
            left = {finding.fingerprint for finding in found.findings}
            gone = [one for one in outcome.findings if one.fingerprint not in left]
            seen = [one for one in gone if looked_at(one.file)]
            unseen += [f"{id_} at {one.location}" for one in gone if one not in seen]
            whole = found.verdict not in _LISTED and len(seen) == len(outcome.findings)
            mended += [id_] if whole else [f"{id_} at {one.location}" for one in seen]
        elif found is None or found.verdict not in _LISTED:
            (mended if built or found is None else unseen).append(id_)
        elif (outcome.verdict, found.verdict) == ("fail", "indeterminate"):
            unseen.append(id_)
    return tuple(mended), tuple(unseen)


def _remarks(report: Report, base: Report, held: Baseline) -> Iterator[str]:
    """What has to be known of the comparison, a line each."""
    places = sum(one.tolerated for outcome in report.outcomes if not outcome.tolerated for one in outcome.findings)
    beside = f" and {places} place{'s' * (places != 1)} of what has more now" if places else ""
    yield (
        f"compared with the baseline {held.file} of {held.started}: {len(report.tolerated)} tolerated{beside}, "
        f"{len(held.mended)} mended since; the exit code is of what is new or worse"
    )
    if held.mended:
        yield f"mended since the baseline, which still lists them: write it anew without {_listed(held.mended)}"
    if held.unseen:
        yield f"departing in the baseline, and not looked at now: {_listed(held.unseen)}"
    if base.tool != report.tool:
        yield f"the baseline was written by {base.tool}, and this run is by {report.tool}"
    if base.target.address != report.target.address:
        yield f"the baseline is of {base.target.address}"
    yield from _unknown(report, base)


def _unknown(report: Report, base: Report) -> Iterator[str]:
    """What the baseline could not know, so that it tolerates nothing of it."""
    if (base.select or base.ignore) and (base.select, base.ignore) != (report.select, report.ignore):
        chosen = [*(f"--select {one}" for one in base.select), *(f"--ignore {one}" for one in base.ignore)]
        yield f"the baseline was taken with {' '.join(chosen)}: what that left out is new"
    planes = {outcome.plane for outcome in base.outcomes}
    missing = sorted({outcome.plane for outcome in report.outcomes} - planes - {"waivers"})
    if missing:
        yield f"the baseline has nothing of the plane{'s' * (len(missing) > 1)} {', '.join(missing)}: all of it is new"


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more
