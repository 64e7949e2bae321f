"""A terminal: what departs, migration by migration, each root once; the rest is counted.

Where forty requirements fail because of one, that one is shown and the others are counted under it. What could not be
looked at is shown as visibly as what departs. What is only `may` is counted, and named at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from conformance.model.breach import Breach
from conformance.model.contract import LEVELS
from conformance.model.outcome import TOLD_IN_STEPS, Finding, Outcome
from conformance.model.report import Report
from conformance.model.target import Target
from conformance.render.colours import (
    BAD,
    CLEAN,
    DEPARTS,
    HEAD,
    INDETERMINATE,
    KNOWN,
    NOTHING_NEW,
    UNSEEN,
    painted,
)
from conformance.render.layout import LABEL, PLAIN, Look, inert, inert_lines, labelled, muted, wrapped
from conformance.render.places import LINT, places
from conformance.render.roots import Root, roots

FORMAT = "text"
SUFFIX = ".txt"

_MANY = 2
_MOST_NOTES = 100

_VERDICTS = {"pass": CLEAN, "fail": BAD, "indeterminate": UNSEEN}

_QUIET = ("waived", "tolerated")
"""What is shown in short: somebody knows of it."""


def render(report: Report, look: Look = PLAIN) -> str:
    """The report for a person: what was looked at, the findings, and the counts at its end."""
    lines = [] if look.quiet else [*_header(report, look), ""]
    lines += [line for outcome_lines in places(report.outcomes, look) for line in outcome_lines]
    since = None
    for root in roots(outcome for outcome in report.outcomes if outcome.plane != LINT):
        if since != root.head.requirement.since:
            since = root.head.requirement.since
            lines += [painted(HEAD, f"migration {inert(since)}", look), ""]
        lines += [*_finding(root, report, look), ""]
    if report.breaches and not look.quiet:
        lines += [*_breaches(report.breaches, look), ""]
    text = "\n".join(lines) + ("\n" if lines else "")
    return muted(text) + summary(report, look) + muted(_optional(report, look))


def summary(report: Report, look: Look = PLAIN) -> str:
    """The counts, what was not examined, and why the exit code is not 0, a line each."""
    lines = wrapped(_counts(report), look.width)
    if report.exit_code == 0:
        colour, word = (NOTHING_NEW, "nothing new") if report.tolerated else (CLEAN, "conforms")
        lines[0] = painted(colour, word, look) + lines[0].removeprefix(word)
    for reason in report.reasons:
        lines.append(painted(_VERDICTS[report.verdict], f"exit {report.exit_code}:", look) + f" {inert(reason)}")
    return muted("\n".join(lines)) + "\n"


def _optional(report: Report, look: Look) -> str:
    """The ids of what is only `may` and is departed from, in one paragraph."""
    ids = [o.requirement.id for o in report.outcomes if (o.status, o.requirement.level) == ("fail", "may")]
    return "".join(f"{line}\n" for line in wrapped(f"may, departed from: {inert(', '.join(ids))}", look.width) if ids)


def _header(report: Report, look: Look) -> Iterator[str]:
    target = report.target
    strict = "" if report.threshold == "must" else f", {report.threshold} counts too"
    yield inert(report.tool)
    profile = f"{report.profile} ({report.profile_title}), through {report.through}{strict}"
    yield from labelled("profile", profile, look, 2)
    yield from connected(target, look) if target.session_user else _read(report, look)
    yield from labelled("time", f"{report.started}, {round(report.seconds, 3):.2f} s", look, 2)
    for label, chosen in report.chosen:
        yield from labelled(label, f"{', '.join(chosen)} (what that leaves out was not examined)", look, 2)
    for remark in report.remarks[:_MOST_NOTES]:
        yield from labelled("note", remark, look, 2)
    if left := len(report.remarks[_MOST_NOTES:]):
        yield from labelled("note", f"and {left:,} more, which the JSON report has", look, 2)


def connected(target: Target, look: Look) -> Iterator[str]:
    """The database that was looked at."""
    yield from labelled("database", f"{target.address} ({target.origin})", look, 2)
    standby = ", a standby" if target.in_recovery else ""
    path = ", ".join(target.schemas) or "nothing"
    server = f"PostgreSQL {target.server_version}, database {target.database}, schemas {path}{standby}"
    yield from labelled("server", server, look, 2)
    session = f"session user {target.session_user}, current user {target.current_user}"
    yield from labelled("session", session, look, 2)


def _read(report: Report, look: Look) -> Iterator[str]:
    """The files that were read, without a server."""
    target = report.target
    yield from labelled("files", f"{target.address} ({target.origin})", look, 2)
    path = ", ".join(target.schemas)
    yield from labelled("server", f"none; read as PostgreSQL {target.server_version} would, schemas {path}", look, 2)


def _finding(root: Root, report: Report, look: Look) -> Iterator[str]:
    outcome = root.head
    requirement = outcome.requirement
    word = outcome.status if outcome.status in _QUIET else outcome.status.upper()
    tag = painted(_colour(outcome), f"{word} {requirement.level}", look)
    yield f"  {tag}  {inert(requirement.id)}"
    if outcome.tolerated:
        yield from labelled("tolerated", outcome.tolerated, look)
    if outcome.verdict != "waived":
        yield from labelled("expected", outcome.expected, look)
        yield from labelled("observed", outcome.observed, look)
    if outcome.note:
        yield from labelled("why", outcome.note, look)
    for finding in outcome.findings if outcome.status != "tolerated" else ():
        yield from _witnesses(finding, look, "to see it" if outcome.plane in TOLD_IN_STEPS else "")
        if finding.witness and not finding.witnesses and finding.witness not in outcome.observed + outcome.note:
            yield from labelled("witness", finding.witness, look)
        yield from _lines("script", finding.script)
    if root.cause:
        yield from labelled("because", f"of {root.cause}", look)
    if root.followers:
        yield f"    and {_followers(root)} ({_by_level(root.followers)})"
    if outcome.status in _QUIET:
        return
    yield from labelled("source", requirement.source, look)
    yield from _lines("repair", outcome.repair)


def _lines(label: str, sql: str | None) -> Iterator[str]:
    """SQL, line by line as it is."""
    head = f"    {label.ljust(LABEL)}"
    for line in inert_lines(sql) if sql else ():
        yield head + line
        head = " " * len(head)


def _breaches(breaches: Sequence[Breach], look: Look) -> Iterator[str]:
    """What the database itself does not enforce, with the script that gets in; the rest is counted."""
    entered = [breach for breach in breaches if breach.entry == "gets in"]
    count, refused = len(breaches), sum(breach.entry == "refused" for breach in breaches)
    idle = f", {count - refused - len(entered)} not tried" if refused + len(entered) < count else ""
    yield painted(HEAD, f"not enforced by the database: {len(entered)} of {count} invariants", look)
    yield from wrapped(f"({refused} refused{idle}; this is no departure of the schema)", look.width)
    for breach in entered:
        yield ""
        yield f"  {breach.requirement.level}  {inert(breach.requirement.id)}"
        yield from labelled("claim", breach.expected, look)
        yield from labelled("enforced", f"by {breach.enforced_by}", look)
        yield from _lines("script", breach.script)


def _witnesses(finding: Finding, look: Look, label: str) -> Iterator[str]:
    """The rows that depart, the first of them, and how many more there are."""
    label = label or ("witness" if len(finding.witnesses) == 1 else "witnesses")
    for witness in finding.witnesses:
        yield from labelled(label, witness, look)
        label = ""
    if finding.more:
        yield from labelled(label, f"and {finding.more:,} more", look)


def _followers(root: Root) -> str:
    count = len(root.followers)
    if root.cause:
        return f"{count} more because of it"
    return f"{count} that {'follows' if count == 1 else 'follow'} from it"


def _counts(report: Report) -> str:
    """`1115 pass (5 with a note), 3 fail (2 must, 1 may); not examined: 45 not-applicable (…)`."""
    statuses = (*report.counts(), "tolerated")
    having = {status: [o for o in report.outcomes if o.status == status] for status in statuses}
    noted = sum(1 for outcome in having["pass"] if outcome.note)
    seen = [f"{len(having['pass'])} pass" + (f" ({noted} with a note)" if noted else "")]
    unseen: list[str] = []
    for status, parts in (("fail", seen), ("tolerated", seen), ("waived", seen), ("indeterminate", unseen)):
        if having[status]:
            known = sum(1 for o in having[status] if o.tolerated and status == "indeterminate")
            beside = f", {known} tolerated" if known else ""
            parts.append(f"{len(having[status])} {status} ({_by_level(having[status])}{beside})")
    if idle := having["not-applicable"]:
        unseen.append(f"{len(idle)} not-applicable ({_why_not_applicable(idle, report.through)})")
    if report.chosen:
        unseen.append("what was not selected")
    opening = ""
    if report.exit_code == 0 and report.tolerated:
        opening = "nothing new departs: "
    elif report.exit_code == 0:
        opening = f"conforms as to `{report.threshold}`: " if report.partly else "conforms: "
    return inert(opening + ", ".join(seen) + ("; not examined: " + ", ".join(unseen) if unseen else ""))


def _why_not_applicable(idle: Iterable[Outcome], through: str) -> str:
    """The reasons, each with its count; in general words where there are many."""
    found = Counter(outcome.note or "no reason given" for outcome in idle)
    if len(found) > _MANY:
        found = Counter(_in_general(outcome, through) for outcome in idle)
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{count} {reason}" for reason, count in found.items())


def _in_general(outcome: Outcome, through: str) -> str:
    requirement = outcome.requirement
    if outcome.plane in TOLD_IN_STEPS:
        return outcome.note
    if outcome.because:
        return "on what is asked for less and is missing"
    if requirement.since > through:
        return f"not there before a migration after {through}"
    if requirement.until is not None and requirement.until <= through:
        return f"taken away by {through} or before"
    return "for other reasons"


def _by_level(outcomes: Iterable[Outcome]) -> str:
    found = Counter(outcome.requirement.level for outcome in outcomes)
    return ", ".join(f"{found[level]} {level}" for level in LEVELS if found[level])


def _colour(outcome: Outcome) -> str:
    if outcome.status in _QUIET:
        return KNOWN
    return (INDETERMINATE if outcome.verdict == "indeterminate" else DEPARTS).get(outcome.requirement.level, "")
