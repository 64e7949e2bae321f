"""What a lint found, for a person: the place in a form that editors and terminals follow, the line with the place
marked, and the SQL that does the same safely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from conformance.model.outcome import Finding, Outcome
from conformance.render.colours import DEPARTS, painted
from conformance.render.layout import Look, inert, inert_lines

LINT = "lint"

_WORDS: Mapping[str, str] = {"must": "error", "should": "warning", "may": "note"}


def places(outcomes: Iterable[Outcome], look: Look) -> Iterator[list[str]]:
    """The lines of each finding, in the order of the files."""
    found = [(outcome, finding) for outcome in outcomes if outcome.plane == LINT for finding in outcome.findings]
    for outcome, finding in sorted(found, key=_place):
        yield [*_lines(outcome, finding, look), ""]


def _place(found: tuple[Outcome, Finding]) -> tuple[str, int, int, str]:
    outcome, finding = found
    return finding.file, finding.line, finding.column, outcome.requirement.id


def _lines(outcome: Outcome, finding: Finding, look: Look) -> Iterator[str]:
    level = outcome.requirement.level
    word = outcome.verdict if outcome.verdict == "indeterminate" else _WORDS[level]
    tag = painted(DEPARTS[level], f"{outcome.requirement.id} {word}", look)
    known = outcome.note if outcome.verdict == "waived" else ""
    if finding.tolerated:
        known = "tolerated: the baseline has it too"
    yield f"{inert(finding.location)}: {tag} {inert(finding.message)}" + (f" ({inert(known)})" if known else "")
    if known:
        return
    for line in inert_lines(finding.frame or ""):
        yield f"  {line}"
    head = "  instead: "
    for line in inert_lines(finding.repair) if finding.repair else ():
        yield head + line
        head = " " * len(head)
