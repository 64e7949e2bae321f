"""What was not examined, as visible as what failed: what could not be looked at, and what does not apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.render.html.cards import cards
from conformance.render.html.details import folded
from conformance.render.html.words import by_level, code, plural, shown
from conformance.render.roots import Root


def not_examined(report: Report, found: Sequence[Root], fragments: Mapping[str, str]) -> str:
    undecided = [outcome for outcome in report.outcomes if outcome.verdict == "indeterminate"]
    idle = [outcome for outcome in report.outcomes if outcome.verdict == "not-applicable"]
    if undecided:
        lead = f"{plural(len(undecided), 'requirement')} could not be looked at ({by_level(undecided)})."
        lead += " Whether they hold is not known."
    elif len(idle) == len(report.outcomes):
        lead = "Nothing was looked at."
    else:
        chosen = " and was selected" if report.select or report.ignore else ""
        lead = f"Everything that applies{chosen} was looked at."
    optional = [outcome for outcome in undecided if outcome.requirement.level == "may"]
    more = folded(f"{len(optional):,} more that may hold", optional, fragments) if optional else ""
    return (
        "<section id=not-examined aria-labelledby=h-not-examined><h2 id=h-not-examined>What was not examined</h2>"
        f"<p>{lead}</p>{cards(found, fragments)}{more}{_not_applicable(idle, fragments)}{_planes(report)}</section>"
    )


def _not_applicable(idle: Sequence[Outcome], fragments: Mapping[str, str]) -> str:
    if not idle:
        return ""
    reasons: dict[str, list[Outcome]] = {}
    for outcome in idle:
        reasons.setdefault(outcome.note or "no reason given", []).append(outcome)
    told = "".join(
        folded(f"{len(outcomes):,}: {shown(reason)}", outcomes, fragments) for reason, outcomes in reasons.items()
    )
    return f"<p>{plural(len(idle), 'requirement')} did not apply:</p>{told}"


_OTHERS = {
    "structure": "the structure (conformance check)",
    "state": "the rows (conformance audit)",
    "behaviour": "the behaviour under provocation (conformance prove)",
}


def _planes(report: Report) -> str:
    """What this run left out of account altogether."""
    planes = {outcome.plane for outcome in report.outcomes}
    unseen = [words for plane, words in _OTHERS.items() if plane not in planes]
    run = f"This run did not look at {' or '.join(unseen)}. " if unseen else ""
    chosen = [*(f"--select {one}" for one in report.select), *(f"--ignore {one}" for one in report.ignore)]
    left = f"What {code(' '.join(chosen))} leaves out was not examined." if chosen else "Nothing was deselected."
    return f"<p>{run}{left}</p>"
