"""One outcome told in full, as the terms and values of a list: what every part of the document shares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from conformance.model.outcome import Finding, Outcome
from conformance.model.report import Report
from conformance.render.encoded import sound
from conformance.render.html.cycle import drawn
from conformance.render.html.page import sentences
from conformance.render.html.words import code, shown, shown_lines
from conformance.render.layout import inert_lines


def anchors(report: Report) -> Mapping[str, str]:
    """For each id the fragment under which it stands among everything."""
    found: dict[str, str] = {}
    for number, outcome in enumerate(report.outcomes):
        found.setdefault(outcome.requirement.id, f"o{number}")
    return found


def linked(id_: str, fragments: Mapping[str, str]) -> str:
    """The id, leading to where it is told in full."""
    fragment = fragments.get(id_)
    return code(id_) if fragment is None else f'<a href="#{fragment}">{code(id_)}</a>'


def folded(head: str, outcomes: Iterable[Outcome], fragments: Mapping[str, str]) -> str:
    """The ids of outcomes, folded up under a line that says what they are."""
    named = "".join(f"<li>{linked(outcome.requirement.id, fragments)}" for outcome in outcomes)
    return f"<details><summary>{head}</summary><ul class=ids>{named}</ul></details>"


def seen(outcome: Outcome) -> str:
    """What was asked for, what was found, and why that is what it is."""
    text = f"<dt>expected<dd>{shown(outcome.expected)}"
    if outcome.observed:
        text += f"<dt>observed<dd>{shown(outcome.observed)}"
    if outcome.note:
        text += f"<dt>why<dd>{shown(outcome.note)}"
    if outcome.tolerated:
        text += f"<dt>tolerated<dd>{shown(outcome.tolerated)}"
    return text


def shape(outcome: Outcome) -> str:
    """What kind of claim it is, on what, and how long it lives."""
    requirement = outcome.requirement
    subject = f" of {code(requirement.subject)}" if requirement.table else ""
    life = f"since {shown(requirement.since)}" + (f" until {shown(requirement.until)}" if requirement.until else "")
    return f"<dt>claim<dd>{shown(requirement.claim)}{subject}, {life}, on the {shown(outcome.plane)} plane"


def evidence(outcome: Outcome) -> str:
    """What was looked at."""
    parts = [f"{shown(str(key))} {shown(_told(value))}" for key, value in outcome.evidence.items()]
    if outcome.object:
        parts.append(f"object {code(outcome.object)}")
    return f"<dt>evidence<dd>{', '.join(parts)}" if parts else ""


@cache
def source(text: str) -> str:
    """On whose word it is asked for, with the sentences where they are ours to quote."""
    quotes = "".join(f"<q>{shown(sentence)}</q>" for _, sentence in sentences(text))
    return f"<dt>source<dd>{shown(text)}{quotes}"


def witnesses(finding: Finding) -> str:
    """The rows that depart, or the history that shows it, and what to run to see it."""
    found = finding.witnesses or ((finding.witness,) if finding.witness else ())
    text = ""
    if found:
        more = f"<dd>and {finding.more:,} more" if finding.more else ""
        values = "".join(f"<dd>{code(witness)}{drawn(witness)}" for witness in found)
        text = f"<dt>witness{'es' * (len(found) > 1)}{values}{more}"
    if finding.script is not None:
        text += f"<dt>to see it<dd><pre>{shown_lines(finding.script)}</pre>"
    return text


def place(finding: Finding) -> str:
    """Where it departs, and the name of the finding that later runs share."""
    return f"<dt>finding<dd>{code(finding.fingerprint)} at {code(finding.location)}"


def sql(text: str) -> str:
    """SQL to take away, comments apart. Where it holds what cannot be shown, it says that it does not run as it is."""
    lines = "\n".join(f"<i>{shown(line)}</i>" if line.startswith("--") else shown(line) for line in text.split("\n"))
    altered = "\n".join(inert_lines(text)) != text
    warning = "<p>A name in it holds characters that are shown as escapes: take the SQL from the JSON report." * altered
    return f"<div class=sql><pre>{lines}</pre>{warning}</div>"


def _told(value: Any) -> str:
    if isinstance(value, str) or type(value) is int:
        return str(value)
    return json.dumps(sound(value), ensure_ascii=False, default=str)
