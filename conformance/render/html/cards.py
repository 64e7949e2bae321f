"""What departs, what could not be looked at and what is waived: one card a root, the strongest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from conformance.model.breach import Breach
from conformance.model.contract import LEVELS
from conformance.model.report import Report
from conformance.render.html.details import evidence, folded, linked, place, seen, source, sql, witnesses
from conformance.render.html.words import by_level, code, plural, shown, shown_lines
from conformance.render.roots import Root, roots

_MOST = 100


def by_verdict(report: Report) -> Mapping[str, list[Root]]:
    """The roots of each verdict, in the order in which they want attention."""
    found: dict[str, list[Root]] = {"fail": [], "indeterminate": [], "tolerated": [], "waived": []}
    for root in sorted(roots(report.outcomes), key=lambda root: LEVELS.index(root.head.requirement.level)):
        found[root.head.status].append(root)
    return found


def to_do(report: Report, found: Sequence[Root], fragments: Mapping[str, str]) -> str:
    """What departs, with what mends it."""
    optional = [o for o in report.outcomes if (o.status, o.requirement.level) == ("fail", "may")]
    if found:
        count = sum(1 + len(root.followers) for root in found)
        lead = f"{plural(count, 'departure')} with {plural(len(found), 'cause')}."
        lead += " What follows from a cause is mended with it." * (count > len(found))
    else:
        lead = _nothing(report)
    head = f"{len(optional):,} that may be departed from, and {'is' if len(optional) == 1 else 'are'}"
    more = folded(head, optional, fragments) if optional else ""
    return (
        f"<section id=to-do aria-labelledby=h-to-do><h2 id=h-to-do>What to do</h2><p>{lead}</p>"
        f"{cards(found, fragments)}{more}</section>"
    )


def _nothing(report: Report) -> str:
    """That nothing departs, as far as that is known and not excused."""
    excused = sum(outcome.status in ("waived", "tolerated") for outcome in report.outcomes)
    but = f", but for {excused:,} waived or tolerated" if excused else ""
    unseen = any(o.verdict == "indeterminate" and o.requirement.level != "may" for o in report.outcomes)
    known = ", as far as could be looked at" if unseen or not report.counts()["pass"] + excused else ""
    return f"Nothing that must or should hold departs{but}{known}."


def waived(found: Sequence[Root], fragments: Mapping[str, str]) -> str:
    if not found:
        return ""
    return (
        "<section id=waived aria-labelledby=h-waived><h2 id=h-waived>Waived</h2>"
        "<p>These depart, and somebody answers for it until the day that is named.</p>"
        f"{cards(found, fragments)}</section>"
    )


def cards(found: Sequence[Root], fragments: Mapping[str, str]) -> str:
    """The first of them one by one, and the rest by their ids: nobody reads a thousand cards."""
    told = "".join(card(root, fragments) for root in found[:_MOST])
    rest = [root.head for root in found[_MOST:]]
    if rest:
        told += folded(f"{len(rest):,} more ({by_level(rest)}), each told under Everything", rest, fragments)
    return told


def tolerated(report: Report, found: Sequence[Root], fragments: Mapping[str, str]) -> str:
    if not report.tolerated or report.baseline is None:
        return ""
    baseline = report.baseline
    undecided = sum(outcome.verdict == "indeterminate" for outcome in report.tolerated)
    more = f" So {'are' if undecided > 1 else 'is'} {undecided:,} that could not be looked at." if undecided else ""
    optional = [o for o in report.tolerated if (o.verdict, o.requirement.level) == ("fail", "may")]
    beside = folded(f"{len(optional):,} more that may be departed from", optional, fragments) if optional else ""
    return (
        "<section id=tolerated aria-labelledby=h-tolerated><h2 id=h-tolerated>Tolerated</h2>"
        f"<p>These depart as they did in the baseline {code(baseline.file)} of {shown(baseline.started)}, and do not"
        f" fail the run.{more}</p>{cards(found, fragments)}{beside}</section>"
    )


def card(root: Root, fragments: Mapping[str, str]) -> str:
    """One root, what was seen of it, what follows from it, and what mends it."""
    return "".join(_card(root, fragments))


def _card(root: Root, fragments: Mapping[str, str]) -> Iterator[str]:
    outcome = root.head
    requirement = outcome.requirement
    yield f'<article class="card {outcome.status}"><h3><span class=tag>{outcome.status}</span> '
    yield f"<span class=level>{requirement.level}</span> {linked(requirement.id, fragments)}</h3><dl>"
    yield seen(outcome)
    yield "".join(witnesses(finding) for finding in outcome.findings)
    if root.cause:
        cause, _, state = root.cause.partition(" (")
        yield f"<dt>because<dd>of {linked(cause, fragments)} ({shown(state)}"
    if root.followers:
        yield f"<dt>follows<dd>{_followers(root, fragments)}"
    if outcome.repair and outcome.status not in ("tolerated", "waived"):
        yield f"<dt>repair<dd>{sql(outcome.repair)}"
    yield source(requirement.source) + evidence(outcome)
    yield "".join(place(finding) for finding in outcome.findings)
    yield "</dl></article>"


def _followers(root: Root, fragments: Mapping[str, str]) -> str:
    count = len(root.followers)
    more = f"{count:,} more because of it" if root.cause else f"{count:,} that follow{'s' * (count == 1)} from it"
    return folded(f"{more} ({by_level(root.followers)})", root.followers, fragments)


def not_enforced(breaches: Iterable[Breach], fragments: Mapping[str, str]) -> str:
    """What the database itself lets in, where that was tried."""
    every = list(breaches)
    if not every:
        return ""
    entered = [breach for breach in every if breach.entry == "gets in"]
    refused = sum(breach.entry == "refused" for breach in every)
    told = "".join(
        f'<article class="card entered"><h3><span class=tag>gets in</span> <span class=level>'
        f"{breach.requirement.level}</span> {linked(breach.requirement.id, fragments)}</h3><dl>"
        f"<dt>claim<dd>{shown(breach.expected)}<dt>enforced<dd>by {shown(breach.enforced_by)}</dl>"
        + (
            f"<details><summary>The script that gets in</summary><pre>{shown_lines(breach.script)}</pre></details>"
            if breach.script
            else ""
        )
        + "</article>"
        for breach in entered
    )
    idle = "".join(
        f"<li>{code(breach.requirement.id)}: {shown(breach.detail)}" for breach in every if breach.entry == "not tried"
    )
    untried = len(every) - len(entered) - refused
    more = f"<details><summary>{untried:,} not tried</summary><ul class=ids>{idle}</ul></details>" if untried else ""
    return (
        "<section id=not-enforced aria-labelledby=h-not-enforced>"
        "<h2 id=h-not-enforced>Not enforced by the database</h2>"
        f"<p>Of {plural(len(every), 'invariant')}, {len(entered):,} can be broken by rows that get in; such rows are"
        f" refused for {refused:,}. This is no departure of the schema.</p>{told}{more}</section>"
    )
