"""SARIF 2.1.0: what code scanning reads.

A rule is a check, an invariant or a law, with what it says of itself as help; a result is a finding, an error where
`must` is asked for, a warning at `should`, a note at `may`. What could not be evaluated is a result like one that
fails, and says so: a kind of its own, `open`, would have to be of level `none`, which hosts do not list. What is waived
is suppressed, with the reason. Beside a baseline each result says whether it is `new` or `unchanged`.

Each result lies where the contract states the requirement, for hosts reject a file in which one lies nowhere; is known
by its finding's fingerprint, wherever that line moves to; and is told in text that cannot be taken for a link or a
placeholder. A run has one name a database. Hosts show 5,000 results, of a file that is not too large: the worst are
kept, and a notification counts the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.papers import papers
from conformance.render.bounded import MOST as SIZE
from conformance.render.bounded import bounded, cut
from conformance.render.encoded import encoded
from conformance.render.layout import PLAIN, Look, inert
from conformance.render.results import Result, place_of, results, rule_of

FORMAT = "sarif"
SUFFIX = ".sarif"

MOST = 5_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = ("error", "warning", "note")
_DESCRIPTION = 1_000
_LABEL = re.compile(r"(?m)^([A-Z][a-z]+(?: [a-z]+)?:)(?= )")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as one log of one run; a rule and a result each take a line."""
    found = results(report)
    shown = found[:MOST]
    numbers = {rule: number for number, rule in enumerate(dict.fromkeys(rule_of(r.outcome) for r in shown))}
    results_ = bounded(lambda longest: (encoded(_result(result, numbers, report, longest)) for result in shown))
    kept = shown[: len(results_)]
    rules = {rule_of(result.outcome): result.outcome for result in kept}
    name, _, version = inert(report.tool).partition(" ")
    driver = encoded({"name": name, "version": version} if version else {"name": name})
    lines = [
        f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{',
        f'"tool": {{"driver": {driver[:-1]},',
        f'"rules": {_array([encoded(_rule(*rule)) for rule in rules.items()])}}}}},',
        f'"automationDetails": {encoded({"id": automation_id(report)})},',
        f'"invocations": [{encoded(_invocation(report, len(found) - len(kept)))}],',
        '"columnKind": "unicodeCodePoints",',
        f'"results": {_array(results_)}',
        "}]}",
    ]
    return "\n".join(lines) + "\n"


def automation_id(report: Report) -> str:
    """`conformance/db.example:5432/astra/`: the category of the run, whoever looked, and no more of it."""
    _, _, database = report.target.address.partition("@")
    return f"conformance/{quote(inert(database or report.target.address), safe='/:[]')}/"


def _rule(rule: str, outcome: Outcome) -> dict[str, Any]:
    requirement = outcome.requirement
    told = papers(outcome.plane, requirement.kind, requirement.claim, requirement.file, requirement.id)
    text = inert_paragraphs(told or f"`conformance explain {requirement.id}` tells all about it.")
    first = text.partition("\n\n")[0]
    return {
        "id": rule,
        "shortDescription": {"text": first[:_DESCRIPTION]},
        "fullDescription": {"text": " ".join(text.split())[:_DESCRIPTION]},
        "help": {"text": text, "markdown": _LABEL.sub(r"**\1**", text)},
        "properties": {"tags": [outcome.plane, "postgresql", "schema"], "precision": "very-high"},
    }


def inert_paragraphs(text: str) -> str:
    """The paragraphs of a docstring, each one line."""
    return "\n\n".join(inert(" ".join(part.split())) for part in text.strip().split("\n\n"))


def _result(result: Result, numbers: dict[str, int], report: Report, longest: int) -> dict[str, Any]:
    outcome = result.outcome
    requirement = outcome.requirement
    rule = rule_of(outcome)
    file, line = place_of(result)
    where = result.finding.location if result.finding else requirement.subject
    column = {"startColumn": result.finding.column} if result.finding and result.finding.column else {}
    physical = {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": line, **column}}
    told: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": numbers[rule],
        "level": _LEVELS[result.severity],
        "message": {"text": message(result.shortened(longest))},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": inert(cut(where or requirement.id, longest))}],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": result.fingerprint},
        "properties": {"requirement": inert(requirement.id), "verdict": outcome.verdict, "level": requirement.level},
    }
    if report.baseline is not None:
        told["baselineState"] = "unchanged" if result.tolerated else "new"
    if outcome.verdict == "waived":
        told["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": inert(cut(outcome.note, longest))}
        ]
    return told


def message(text: str) -> str:
    """Text of a stranger's that holds neither a link (`[text](1)`) nor a placeholder (`{0}`)."""
    return _PLACEHOLDER.sub(r"{{\1}}", text.replace("](", "] ("))


def _uri(file: str) -> str:
    """A path within a repository as it is, from the root of a disk as a file's."""
    windows = re.match(r"[A-Za-z]:/", file)
    root = "file:///" if windows else "file://" if file.startswith("/") else ""
    return root + quote(file, safe="/:" if root else "/")


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "executionSuccessful": report.verdict != "indeterminate",
        "exitCode": report.exit_code,
        "startTimeUtc": report.started,
    }
    if report.reasons:
        told["exitCodeDescription"] = "; ".join(report.reasons)
    notes = list(_notes(report, cut))
    if notes:
        told["toolExecutionNotifications"] = notes
    return told


def _notes(report: Report, left: int) -> Iterator[dict[str, Any]]:
    if left:
        most = f"{MOST:,}, in a file of {SIZE // 1_000_000} MB"
        said = f"{left:,} results were left out: hosts show {most}, and the worst were kept; the JSON report has all"
        yield {"level": "warning", "message": {"text": said}}
    for remark in report.notes:
        yield {"level": "note", "message": {"text": message(inert(remark))}}


def _array(lines: Sequence[str]) -> str:
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
