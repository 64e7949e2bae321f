"""JUnit XML: what CI systems read.

A suite is a migration, a case a requirement (`classname` is its table). A departure that fails the run is a `failure`,
one that could not be evaluated an `error`. Below the threshold both are `skipped`, and say so: the file is red exactly
when the exit code is not 0. Waived, not applicable and what the baseline has too are `skipped` as well.

A host drops a file of more than 30 MB without a word: then long texts are cut, and if that does not do, what passed is
left out; the output of each suite says so.

Valid for the schemas of Ant and of Jenkins. Characters that XML cannot hold, and those that a terminal would obey, are
written as visible escapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from conformance.model.contract import LEVELS
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.render.layout import PLAIN, Look, inert, inert_lines, muted

FORMAT = "junit"
SUFFIX = ".xml"

MOST = 30_000_000
_CUTS = (10_000, 1_000, 100)
_CUT = " … (cut)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """`result` is "" (passed), "failure", "error" or "skipped"."""

    name: str
    classname: str
    result: str = ""
    type: str = ""
    message: str = ""
    body: str = ""


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as `testsuites`."""
    suites: dict[str, list[_Case]] = {}
    for outcome in report.outcomes:
        suites.setdefault(outcome.requirement.since, []).append(_case(outcome, report))
    red = any(case.result in ("failure", "error") for cases in suites.values() for case in cases)
    if report.exit_code and not red:
        message = "; ".join(report.reasons)
        suites["run"] = [_Case(name="run", classname="conformance", result="error", type="run", message=message)]
    text = _written(suites, report)
    for most in _CUTS:
        if _fits(text):
            return text
        text = _written(_shortened(suites, most), report, f"texts are cut behind {most:,} characters")
    if not _fits(text):
        kept = {name: [case for case in cases if case.result] for name, cases in _shortened(suites, most).items()}
        passed = sum(map(len, suites.values())) - sum(map(len, kept.values()))
        text = _written(kept, report, f"{passed:,} that pass are left out, and texts cut behind {most:,} characters")
    return text


def _fits(text: str) -> bool:
    return 4 * len(text) <= MOST or len(text.encode("utf-8")) <= MOST


def _shortened(suites: Mapping[str, list[_Case]], most: int) -> dict[str, list[_Case]]:
    return {name: [_short(case, most) for case in cases] for name, cases in suites.items()}


def _short(case: _Case, most: int) -> _Case:
    message, body = (text if len(text) <= most else text[:most] + _CUT for text in (case.message, case.body))
    return replace(case, message=message, body=body)


def _written(suites: Mapping[str, list[_Case]], report: Report, left: str = "") -> str:
    """The file; `left` says what is not in it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    note = f"{left}: hosts drop a file of more than {MOST // 1_000_000} MB; the JSON report has all" if left else ""
    for number, (name, cases) in enumerate(sorted(suites.items())):
        lines += _suite(number, name, cases, report, note)
    return muted("\n".join([*lines, "</testsuites>", ""]))


def _case(outcome: Outcome, report: Report) -> _Case:
    requirement = outcome.requirement
    counts = LEVELS.index(requirement.level) <= LEVELS.index(report.threshold)
    result = {"fail": "failure", "indeterminate": "error", "pass": ""}.get(outcome.verdict, "skipped")
    message = _message(outcome)
    if outcome.tolerated:
        result, message = "skipped", f"{outcome.verdict}, but tolerated: {outcome.tolerated}: {message}"
    elif result in ("failure", "error") and not counts:
        result, message = "skipped", f"{outcome.verdict}, but only {requirement.level}: {message}"
    return _Case(
        name=requirement.id,
        classname=requirement.table or "-",
        result=result,
        type=f"{requirement.level} {requirement.kind}",
        message=message,
        body="" if result in ("", "skipped") else "\n".join(_body(outcome)),
    )


def _message(outcome: Outcome) -> str:
    if outcome.because:
        return f"because of {outcome.because}"
    if outcome.verdict in ("waived", "not-applicable"):
        return f"{outcome.verdict}: {outcome.note}"
    if outcome.findings:
        return outcome.findings[0].message
    return outcome.note or f"expected {outcome.expected}, observed {outcome.observed}"


def _body(outcome: Outcome) -> Iterator[str]:
    yield f"expected: {inert(outcome.expected)}"
    yield f"observed: {inert(outcome.observed)}"
    if outcome.note:
        yield f"why: {inert(outcome.note)}"
    for finding in outcome.findings:
        for witness in finding.witnesses or filter(None, [finding.witness]):
            yield f"witness: {inert(witness)}"
        if finding.more:
            yield f"witnesses: and {finding.more:,} more"
        if finding.script:
            yield "script:"
            yield from (f"  {line}" for line in inert_lines(finding.script))
        yield f"where: {inert(finding.location)}" + (f": {inert(finding.message)}" if finding.frame else "")
        yield from inert_lines(finding.frame) if finding.frame else ()
    yield f"source: {inert(outcome.requirement.source)}"
    if outcome.repair:
        yield "repair:"
        yield from (f"  {line}" for line in inert_lines(outcome.repair))


def _suite(number: int, name: str, cases: list[_Case], report: Report, note: str) -> Iterator[str]:
    results = [case.result for case in cases]
    seconds = f"{report.seconds:.3f}" if number == 0 else "0"
    yield (
        f'  <testsuite name="{_xml(name)}" package="conformance" id="{number}" hostname="localhost"'
        f' timestamp="{_xml(report.started.removesuffix("Z"))}" time="{seconds}" tests="{len(cases)}"'
        f' failures="{results.count("failure")}" errors="{results.count("error")}"'
        f' skipped="{results.count("skipped")}">'
    )
    yield "    <properties>"
    for key, value in _properties(report):
        yield f'      <property name="{key}" value="{_xml(value)}"/>'
    yield "    </properties>"
    names: set[str] = set()
    for case in cases:
        yield from _testcase(case, names)
    reasons = [f"exit {report.exit_code}: {reason}" for reason in report.reasons]
    said = "\n".join(inert(line) for line in [*reasons, *([note] if note else ()), *report.notes])
    yield f"    <system-out>{_escaped(said)}</system-out>"
    yield "    <system-err></system-err>"
    yield "  </testsuite>"


def _testcase(case: _Case, names: set[str]) -> Iterator[str]:
    name = inert(case.name)
    while name in names:
        name += "'"
    names.add(name)
    opening = f'    <testcase name="{_escaped(name)}" classname="{_xml(case.classname)}" time="0"'
    if not case.result:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    attributes = f'type="{_xml(case.type)}" message="{_xml(case.message)}"'
    if case.body:
        yield f"      <{case.result} {attributes}>{_escaped(case.body)}</{case.result}>"
    else:
        yield f"      <{case.result} {attributes}/>"
    yield "    </testcase>"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    target = report.target
    yield "tool", report.tool
    yield "address", target.address
    yield "origin", target.origin
    yield "database", target.database
    yield "server_version", target.server_version
    yield "session_user", target.session_user
    yield "current_user", target.current_user
    yield "schemas", ", ".join(target.schemas)
    yield "profile", report.profile
    yield "through", report.through
    yield "threshold", report.threshold
    yield "started", report.started
    yield "verdict", report.verdict
    yield "exit_code", str(report.exit_code)


def _xml(text: str) -> str:
    return _escaped(inert(text))


def _escaped(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text
