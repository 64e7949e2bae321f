"""Markdown: a comment on a pull request, or the summary of a job.

The verdict comes first, then what to do, then the counts, and what passes last, folded away. A comment on GitHub holds
65,536 characters, and a summary 1 MiB, over which it is lost without an error: what does not fit is left out from the
end, green detail first, and that is said at the top.

What a stranger chose stands in code, where no host takes it for markup, a mention, a reference or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.model.breach import Breach
from conformance.model.contract import LEVELS
from conformance.model.outcome import VERDICTS, Outcome
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
    """A part of the report whose entries may be left out, the last first. `noun` says what they are, `brief` holds
    the entries in short, where there is less room; `folded` hides them until somebody asks."""

    title: str
    noun: str
    entries: Sequence[str]
    brief: Sequence[str] = ()
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
    if not section.entries:
        return "", 0
    opening = f"<details><summary>{section.title}</summary>\n\n" if section.folded else f"### {section.title}\n\n"
    closing = "\n</details>\n" if section.folded else ""
    room -= len(opening) + len(closing)
    taken: list[str] = []
    cut = 0
    for number, entry in enumerate(section.entries):
        shorter = section.brief[number] if section.brief else entry
        fits = next((text for text in (entry, shorter) if len(text) <= room), None)
        if fits is None:
            cut += len(section.entries) - number
            break
        cut += fits is not entry
        taken.append(fits)
        room -= len(fits)
    return (f"{opening}{''.join(taken)}{closing}" if taken else ""), cut


def _sections(report: Report) -> Iterator[Section]:
    """What there is to show, by worth. The first stands above the counts."""
    found = sorted(roots(report.outcomes), key=lambda root: _place(root.head))
    todo = [root for root in found if root.head.verdict != "waived"]
    yield Section(
        title="What to do",
        noun="findings or their details",
        entries=["\n".join(_finding(root)) + "\n" for root in todo],
        brief=[f"- {_tag(root.head)}\n" for root in todo],
    )
    waived = [root.head for root in found if root.head.verdict == "waived"]
    yield Section(title="Waived", noun="waived", entries=[f"- {_tag(o)}: {code(o.note)}\n" for o in waived])
    may = [o for o in report.outcomes if o.requirement.level == "may" and o.verdict in ("fail", "indeterminate")]
    yield Section(title="Only `may`", noun="that are only `may`", entries=[f"- {_tag(o)}\n" for o in may])
    yield Section(title="Of the run", noun="remarks", entries=[f"- {code(remark)}\n" for remark in report.remarks])
    entered = [breach for breach in report.breaches if breach.entry == "gets in"]
    yield Section(
        title=f"Not enforced by the database: {len(entered)} of {len(report.breaches)} invariants",
        noun="invariants that the database does not enforce",
        entries=["\n".join(_breach(breach)) for breach in entered],
    )
    for verdict, title in (("not-applicable", "Not examined"), ("pass", "What passes")):
        of = [o for o in report.outcomes if o.verdict == verdict]
        noun = "subjects that pass" if verdict == "pass" else "that were not examined"
        yield Section(title=f"{title}: {len(of):,}", noun=noun, entries=list(_listed(of)), folded=True)


def _place(outcome: Outcome) -> tuple[int, bool]:
    return LEVELS.index(outcome.requirement.level), outcome.verdict == "indeterminate"


def _head(report: Report) -> Iterator[str]:
    partly = report.exit_code == 0 and report.threshold == "must" and report.counts()["fail"]
    opening = _VERDICTS[report.verdict] + (" as to `must`" if partly else "")
    yield f"## {opening}{': ' + ', '.join(report.reasons) if report.reasons else ''}"
    yield ""
    yield f"Exit code {report.exit_code}. {code(report.target.address)} ({code(report.target.origin)}),"
    yield f"profile {code(report.profile)} ({code(report.profile_title)}), through {code(report.through)}"
    yield f"by {code(report.tool)}, {code(report.started)}."
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


def _tag(outcome: Outcome) -> str:
    return f"{outcome.verdict}, {outcome.requirement.level}: {code(outcome.requirement.id)}"


def _finding(root: Root) -> Iterator[str]:
    outcome = root.head
    yield f"#### {_tag(outcome)}"
    yield ""
    yield f"- expected: {code(outcome.expected)}"
    yield f"- observed: {code(outcome.observed)}"
    if outcome.note:
        yield f"- why: {code(outcome.note)}"
    for finding in outcome.findings:
        shown = finding.witnesses[:_WITNESSES] or tuple(filter(None, (finding.witness,)))
        for witness in shown:
            yield f"- witness: {code(witness)}"
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


def _breach(breach: Breach) -> Iterator[str]:
    yield f"- {breach.requirement.level}: {code(breach.requirement.id)}: {code(breach.expected)}"
    yield ""
    yield from _fenced(breach.script)


def _listed(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line a subject: `0015/agents.name`: `type`, `unique`."""
    of: dict[str, list[str]] = {}
    for outcome in outcomes:
        subject, _, claim = outcome.requirement.id.rpartition("/")
        of.setdefault(subject, []).append(claim)
    for subject, claims in of.items():
        yield f"- {code(subject)}: {code(' '.join(claims))}\n"


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
