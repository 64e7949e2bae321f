"""Every outcome, by migration, folded up; and the filters, which are there where the script runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from conformance.model.contract import LEVELS
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.render.html.details import evidence, linked, place, seen, shape, source, sql, witnesses
from conformance.render.html.words import VERDICT_WORDS, shown


def everything(report: Report, fragments: Mapping[str, str]) -> str:
    groups: dict[str, list[tuple[int, Outcome]]] = {}
    for number, outcome in enumerate(report.outcomes):
        groups.setdefault(outcome.requirement.since, []).append((number, outcome))
    told = "".join(_group(since, found, fragments) for since, found in sorted(groups.items()))
    return (
        "<section id=everything aria-labelledby=h-everything><h2 id=h-everything>Everything</h2>"
        f"<p>All {len(report.outcomes):,} requirements, each with what was asked for, on whose word, and what was"
        f" observed.</p>{_filters(report, groups)}{told}</section>"
    )


def _group(since: str, found: Iterable[tuple[int, Outcome]], fragments: Mapping[str, str]) -> str:
    name = shown(since)
    items = "".join(_item(number, outcome, fragments) for number, outcome in found)
    return f'<section class=group id="m{name}" data-migration="{name}"><h3>{name}</h3>{items}</section>'


def _item(number: int, outcome: Outcome, fragments: Mapping[str, str]) -> str:
    requirement = outcome.requirement
    verdict, level = outcome.verdict, requirement.level
    because = f"<dt>because<dd>of {linked(outcome.because, fragments)}" if outcome.because else ""
    told = "".join(witnesses(finding) + place(finding) for finding in outcome.findings)
    repair = f"<dt>repair<dd>{sql(outcome.repair)}" if outcome.repair else ""
    return (
        f'<details class="o {verdict} {level} {shown(outcome.plane)}" id=o{number}><summary><b>{verdict}</b> '
        f"<i>{level}</i> <code>{shown(requirement.id)}</code></summary><dl>"
        f"{seen(outcome)}{because}{shape(outcome)}{source(requirement.source)}{evidence(outcome)}{told}{repair}"
        "</dl></details>"
    )


def _filters(report: Report, migrations: Iterable[str]) -> str:
    """Nothing is ticked: nothing is left out."""
    verdicts = Counter(o.verdict for o in report.outcomes)
    levels = Counter(o.requirement.level for o in report.outcomes)
    planes = Counter(o.plane for o in report.outcomes)
    options = "".join(f'<option value="{shown(since)}">{shown(since)}' for since in sorted(migrations))
    return (
        "<div id=filters role=search aria-label=Filters hidden>"
        + _ticks("verdict", {key: (word, verdicts[key]) for key, word in VERDICT_WORDS.items() if verdicts[key]})  # type: ignore[index]
        + _ticks("level", {level: (level, levels[level]) for level in LEVELS if levels[level]})
        + _ticks("plane", {plane: (plane, count) for plane, count in sorted(planes.items())})
        + f'<p><label for=f-migration>Migration</label> <select id=f-migration><option value="">all{options}</select>'
        "<p><label for=f-text>Text</label> <input id=f-text type=search autocomplete=off spellcheck=false>"
        "<p class=act><button type=button id=f-clear>Clear</button> <output id=f-count></output></div>"
    )


def _ticks(name: str, values: Mapping[str, tuple[str, int]]) -> str:
    boxes = "".join(
        f'<label class="{shown(value)}"><input type=checkbox name={name} value="{shown(value)}"> {shown(word)}'
        f" <span>{count:,}</span></label>"
        for value, (word, count) in values.items()
    )
    return f"<fieldset><legend>{name.capitalize()}</legend>{boxes}</fieldset>"
