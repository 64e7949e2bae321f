"""The one look at the database that all tests of a run judge, in a form that travels to the workers of pytest-xdist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.record import Record
from conformance.model.report import Report

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Seen(Record):
    """What became of one requirement. `text` is what a person reads where it did not pass, `level` the one at which it
    was judged."""

    verdict: Verdict
    expected: str
    observed: str
    text: str
    level: str = ""


class Look(Record):
    """`target` is one line that says what was looked at, at `address`; `remarks` are lines about the run."""

    address: str
    target: str
    remarks: tuple[str, ...]
    seen: Mapping[str, Seen]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Look:
        record = json.loads(text)
        return Look(
            address=record["address"],
            target=record["target"],
            remarks=tuple(record["remarks"]),
            seen={id_: Seen(**seen) for id_, seen in record["seen"].items()},
        )


def look_of(report: Report) -> Look:
    """What the tests need of a report."""
    return Look(
        address=report.target.address,
        target=_target(report),
        remarks=(*report.remarks, *_of_waivers(report)),
        seen={o.requirement.id: _seen(o) for o in report.outcomes},
    )


def _of_waivers(report: Report) -> Iterator[str]:
    """What is wrong with waivers: no test is of them."""
    for outcome in report.outcomes:
        if outcome.plane == "waivers":
            yield from (finding.message for finding in outcome.findings)


def _target(report: Report) -> str:
    target = report.target
    user = target.current_user
    if target.session_user != user:
        user += f" (session of {target.session_user})"
    return (
        f"{target.address} ({target.origin}): database {target.database}, PostgreSQL {target.server_version},"
        f" as {user}, {report.started}; profile {report.profile} through {report.through}"
    )


def _seen(outcome: Outcome) -> Seen:
    return Seen(
        verdict=outcome.verdict,
        expected=outcome.expected,
        observed=outcome.observed,
        text=_text(outcome),
        level=outcome.requirement.level,
    )


def _text(outcome: Outcome) -> str:
    if outcome.verdict == "pass":
        return ""
    if outcome.verdict in ("waived", "not-applicable"):
        return _printable(outcome.note)
    requirement = outcome.requirement
    lines = [
        ("requirement", f"{requirement.id} ({requirement.level}; {requirement.source})"),
        ("expected", outcome.expected),
        ("observed", outcome.observed),
        ("because", f"{outcome.because} fails" if outcome.because else ""),
        *(("where", finding.location) for finding in outcome.findings),
        *(("witness", witness) for finding in outcome.findings for witness in _witnesses(finding)),
        *(("script", finding.script) for finding in outcome.findings if finding.script),
        ("repair", "" if outcome.because else outcome.repair or ""),
    ]
    width = max(len(name) for name, _ in lines) + 4
    table = [f"  {name:{width - 2}}" + text.replace("\n", "\n" + " " * width) for name, text in lines if text]
    return _printable(
        "\n".join([f"{requirement.subject or requirement.id}: {outcome.note or outcome.observed}", *table])
    )


def _witnesses(finding: Finding) -> Iterator[str]:
    """The rows that depart and how many more there are, or what tells a structure from what it should be."""
    if finding.witnesses:
        yield from finding.witnesses
    elif finding.witness is not None:
        yield ascii(finding.witness)
    if finding.more:
        yield f"and {finding.more:,} more"


def _printable(text: str) -> str:
    """`text` without what a terminal would obey: names and expressions are the database owner's."""
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)
