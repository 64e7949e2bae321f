"""The top of the document: the verdict, what it is the verdict of, and the counts."""

from __future__ import annotations

from conformance.model.outcome import Outcome, Verdict
from conformance.model.report import Report
from conformance.render.html.words import VERDICT_WORDS, by_level, code, plural, shown

_LEADS_TO = {"fail": "to-do", "indeterminate": "not-examined", "waived": "waived", "not-applicable": "not-examined"}


def headline(report: Report) -> str:
    """The verdict in a few words."""
    if report.verdict == "fail":
        return "Does not conform"
    if report.verdict == "indeterminate":
        return "Could not be decided"
    waived = report.counts()["waived"]
    opening = "Nothing new departs" if report.tolerated else "Conforms" + f" as to {report.threshold}" * report.partly
    return opening + f", but for {waived:,} waived" * bool(waived)


def verdict(report: Report) -> str:
    target = report.target
    why = _ticked("; ".join(report.reasons)) or _of_what_holds(report)
    strict = "" if report.threshold == "must" else f", {shown(report.threshold)} counts too"
    facts = (
        ("database", f"{code(target.address)} ({shown(target.origin)})"),
        ("profile", f"{shown(report.profile)}, {shown(report.profile_title)}{strict}"),
        ("planes", shown(", ".join(sorted({outcome.plane for outcome in report.outcomes})) or "none")),
        ("through", f"migration {shown(report.through)}"),
        ("time", f"<time>{shown(report.started)}</time>"),
        *((word, f"{code(', '.join(of))}, what that leaves out was not examined") for word, of in report.chosen),
    )
    told = "".join(f"<div><dt>{term}<dd>{value}</div>" for term, value in facts)
    return (
        f"<header class={report.verdict}><p class=kind>Astra conformance report</p>"
        f"<h1>{shown(headline(report))}</h1><p class=why>{why}.</p>"
        f"<dl class=facts>{told}</dl>{_counts(report)}</header>"
    )


def _of_what_holds(report: Report) -> str:
    """What whoever signs has to know where nothing fails the run."""
    having = {verdict: [o for o in report.outcomes if o.verdict == verdict] for verdict in VERDICT_WORDS}
    told = [f"{plural(len(having['pass']), 'requirement')} met"]
    for verdict, words in (
        ("fail", "departed from"),
        ("waived", "waived"),
        ("indeterminate", "could not be evaluated"),
    ):
        if found := having[verdict]:
            told.append(f"{len(found):,} {words} ({by_level(found)})")
    if report.tolerated:
        told.append(f"of these {len(report.tolerated):,} tolerated, which the baseline has too")
    return "; ".join(told)


def notes(report: Report) -> str:
    """What is to be said of the run as a whole."""
    if not report.remarks:
        return ""
    told = "".join(f"<li>{shown(remark)}" for remark in report.remarks)
    return f"<section aria-labelledby=h-notes><h2 id=h-notes>Notes</h2><ul class=notes>{told}</ul></section>"


def _counts(report: Report) -> str:
    """One tile a verdict. What was not looked at is as large as what failed."""
    having: dict[Verdict, list[Outcome]] = {}
    for outcome in report.outcomes:
        having.setdefault(outcome.verdict, []).append(outcome)
    tiles = []
    for key, word in VERDICT_WORDS.items():
        found = having.get(key, [])  # type: ignore[call-overload]
        state = f"{key} none" if not found else key
        head = f"<b>{len(found):,}</b> <span>{word}</span>"
        fragment = _LEADS_TO.get(key, "everything")
        tiles.append(
            f'<li class="{state}">'
            + (f'<a href="#{fragment}">{head}</a>' if found else head)
            + f"<small>{_beside(key, found)}</small>"
        )
    return f"<ul class=counts>{''.join(tiles)}</ul>"


def _beside(key: str, found: list[Outcome]) -> str:
    if key == "pass":
        noted = sum(1 for outcome in found if outcome.note)
        return by_level(found) + (f"; {noted:,} with a note" if noted else "")
    known = sum(1 for outcome in found if outcome.tolerated)
    return by_level(found) + (f"; {known:,} tolerated" if known else "")


def _ticked(text: str) -> str:
    """The text, its words between backticks set off."""
    parts = shown(text).split("`")
    return "".join(f"<strong>{part}</strong>" if place % 2 else part for place, part in enumerate(parts))
