"""Markdown: a comment on a pull request, or the summary of a job.

The verdict comes first, then what to do, then the counts, and what passes last, folded away. A comment on GitHub holds
65,536 characters, and a summary 1 MiB, over which it is lost without an error: what does not fit is left out from the
end, green detail first, and that is said at the top.

What a stranger chose stands in code, where no host takes it for markup, a mention, a reference or a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from conformance.model.breach import Breach
from conformance.model.contract import LEVELS
from conformance.model.outcome import TOLD_IN_STEPS, VERDICTS, Outcome
from conformance.model.record import Record
from conformance.model.report import Report
from conformance.render.layout import PLAIN, Look, inert, inert_lines, muted
from conformance.render.roots import Root, roots

FORMAT = "markdown"
SUFFIX = ".md"

MOST = 65_536
_NOTE = 400
"""What saying that something was left out takes at most."""
_LONGEST = 1_500
_LONGEST_SQL = 6_000
_WITNESSES = 3
_TICKS = re.compile("`+")
_VERDICTS = {"pass": "Conforms", "fail": "Departs", "indeterminate": "Could not be evaluated"}


class Section(Record):
    """A part of the report whose entries may be left out, the last first. `noun` says what they are, `items` what they
    are told of: by `full`, and by `brief` where there is less room; `folded` hides them until somebody asks."""

    title: str
    noun: str
    items: Sequence[Any]
    full: Callable[[Any], str]
    brief: Callable[[Any], str] | None = None
    folded: bool = False


def render(report: Report, look: Look = PLAIN) -> str:
    """The report, within the limit of a comment."""
    return fitted(report, MOST)


def fitted(report: Report, most: int) -> str:
    """The report in at most so many characters; the verdict and the counts are always there."""
    head, counts = "\n".join(_head(report)), "\n".join(_counts(report))
    room = most - len(head) - len(counts) - _NOTE
    shown: list[str] = []
    left: list[str] = []
    for section in _sections(report):
        text, rest = _within(section, 0 if left else room)
        room -= len(text) + 2
        shown.append(text)
        if rest:
            left.append(f"{rest:,} {section.noun}")
    note = f"\n_Left out, to fit {most:,} characters: {', '.join(left)}. The JSON report has all._\n" if left else ""
    todo, *others = shown
    return "\n".join(part for part in (head, note, todo, counts, *others) if part)


def _within(section: Section, room: int) -> tuple[str, int]:
    """As much of a section as there is room for, and how many of its entries were left out, or cut short."""
    opening = f"<details><summary>{section.title}</summary>\n\n" if section.folded else f"### {section.title}\n\n"
    closing = "\n</details>\n" if section.folded else ""
    room -= len(opening) + len(closing)
    taken: list[str] = []
    short = 0
    for item in section.items:
        text = "" if short else section.full(item)
        if section.brief is not None and (short or len(text) > room):
            text = section.brief(item)
            short += 1
        if len(text) > room:
            short -= section.brief is not None
            break
        taken.append(text)
        room -= len(text)
    return (f"{opening}{''.join(taken)}{closing}" if taken else ""), len(section.items) - len(taken) + short


def _sections(report: Report) -> Iterator[Section]:
    """What there is to show, by worth. The first stands above the counts."""
    found = sorted(roots(report.outcomes), key=lambda root: _place(root.head))
    todo = [root for root in found if root.head.status not in ("tolerated", "waived")]
    yield Section(
        title="What to do",
        noun="findings or their details",
        items=todo,
        full=_finding,
        brief=lambda root: _item(root.head),
    )
    waived = [root.head for root in found if root.head.verdict == "waived"]
    yield Section(title="Waived", noun="waived", items=waived, full=lambda o: f"- {_tag(o)}: {code(o.note)}\n")
    known = [o for o in report.tolerated if o.verdict == "fail"]
    title = "Tolerated: the baseline has them too"
    yield Section(title=title, noun="that are tolerated", items=known, full=_item)
    may = [o for o in report.outcomes if o.requirement.level == "may" and o.status in ("fail", "indeterminate")]
    yield Section(title="Only `may`", noun="that are only `may`", items=may, full=_item)
    yield Section(title="Of the run", noun="remarks", items=report.remarks, full=lambda said: f"- {code(said)}\n")
    entered = [breach for breach in report.breaches if breach.entry == "gets in"]
    yield Section(
        title=f"Not enforced by the database: {len(entered)} of {len(report.breaches)} invariants",
        noun="invariants that the database does not enforce",
        items=entered,
        full=_breach,
    )
    for verdict, title in (("not-applicable", "Not examined"), ("pass", "What passes")):
        of = [o for o in report.outcomes if o.verdict == verdict]
        noun = "subjects that pass" if verdict == "pass" else "that were not examined"
        yield Section(title=f"{title}: {len(of):,}", noun=noun, items=_subjects(of), full=_subject, folded=True)


def _place(outcome: Outcome) -> tuple[int, bool]:
    return LEVELS.index(outcome.requirement.level), outcome.verdict == "indeterminate"


def _head(report: Report) -> Iterator[str]:
    opening = _VERDICTS[report.verdict] + f" as to `{report.threshold}`" * report.partly
    if report.exit_code == 0 and report.tolerated:
        opening = "Nothing new departs"
    if report.exit_code == 0 and (waived := report.counts()["waived"]):
        opening += f", but for {waived:,} waived"
    yield f"## {opening}{': ' + ', '.join(report.reasons) if report.reasons else ''}"
    yield ""
    yield f"Exit code {report.exit_code}. {code(report.target.address)} ({code(report.target.origin)}),"
    yield f"profile {code(report.profile)} ({code(report.profile_title)}), through {code(report.through)}"
    yield f"by {code(report.tool)}, {code(report.started)}."
    for words, chosen in (("Selected", report.select), ("Ignored", report.ignore)):
        if chosen:
            yield f"{words}: {code(', '.join(chosen))}; what that leaves out was not examined."
    yield ""


def _counts(report: Report) -> Iterator[str]:
    by_level = report.counts_by_level()
    yield "### Counts"
    yield ""
    yield f"| level | {' | '.join(VERDICTS)} |"
    yield f"| --- |{' ---: |' * len(VERDICTS)}"
    for level in LEVELS:
        yield f"| {level} | {' | '.join(f'{by_level[level][verdict]:,}' for verdict in VERDICTS)} |"
    yield f"| all | {' | '.join(f'{count:,}' for count in report.counts().values())} |"
    yield ""
    if report.tolerated:
        yield f"Of these, {len(report.tolerated):,} are tolerated: the baseline has them too."
        yield ""


def _tag(outcome: Outcome) -> str:
    return f"{outcome.status}, {outcome.requirement.level}: {code(outcome.requirement.id)}"


def _item(outcome: Outcome) -> str:
    return f"- {_tag(outcome)}\n"


def _finding(root: Root) -> str:
    return "\n".join(_told(root)) + "\n"


def _told(root: Root) -> Iterator[str]:
    outcome = root.head
    yield f"#### {_tag(outcome)}"
    yield ""
    yield f"- expected: {code(outcome.expected)}"
    yield f"- observed: {code(outcome.observed)}"
    if outcome.note:
        yield f"- why: {code(outcome.note)}"
    if outcome.tolerated:
        yield f"- tolerated: {code(outcome.tolerated)}"
    for finding in outcome.findings:
        steps = outcome.plane in TOLD_IN_STEPS
        shown = finding.witnesses[: None if steps else _WITNESSES] or tuple(filter(None, (finding.witness,)))
        for witness in shown:
            yield f"- {'to see it' if steps else 'witness'}: {code(witness)}"
        hidden = len(finding.witnesses) - len(shown) + finding.more if finding.witnesses else 0
        if hidden:
            yield f"- and {hidden:,} more"
    if root.cause:
        yield f"- because of {code(root.cause)}"
    if root.followers:
        yield f"- and {len(root.followers):,} more because of it"
    yield f"- source: {code(outcome.requirement.source)}"
    yield ""
    for finding in outcome.findings:
        yield from _fenced(finding.script)
    yield from _fenced(outcome.repair)


def _breach(breach: Breach) -> str:
    told = f"- {breach.requirement.level}: {code(breach.requirement.id)}: {code(breach.expected)}"
    return "\n".join([told, "", *_fenced(breach.script)]) + "\n"


def _subjects(outcomes: Sequence[Outcome]) -> Sequence[tuple[str, list[str]]]:
    """`0015/agents.name` with all that is claimed of it."""
    of: dict[str, list[str]] = {}
    for outcome in outcomes:
        subject, _, claim = outcome.requirement.id.rpartition("/")
        of.setdefault(subject, []).append(claim)
    return list(of.items())


def _subject(told: tuple[str, list[str]]) -> str:
    subject, claims = told
    return f"- {code(subject)}: {code(' '.join(claims))}\n"


def code(text: str) -> str:
    """The text as code: longer runs of backticks around it than in it, one line, nothing that a terminal obeys."""
    text = muted(inert(text))
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    if not text.strip(" "):
        return "(nothing)"
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    pad = " " if "`" in (text[0], text[-1]) or text[0] == text[-1] == " " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _fenced(sql: str | None) -> Iterator[str]:
    """SQL as a block of code that nothing in it ends."""
    if not sql:
        return
    text = muted("\n".join(inert_lines(sql.rstrip("\n"))))
    if len(text) > _LONGEST_SQL:
        text = f"{text[:_LONGEST_SQL]}\n-- … {len(text) - _LONGEST_SQL:,} more characters; the JSON report has all"
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    yield f"{ticks}sql"
    yield text
    yield f"{ticks}"
    yield ""
