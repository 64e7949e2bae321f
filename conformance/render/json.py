"""JSON: the interface for programs. Its JSON Schema is `reports/report.schema.json`.

The text is ASCII, its keys have a fixed order, and lone surrogates (which no strict parser takes) are written as
visible escapes.
"""

from __future__ import annotations

from typing import Any

from conformance.model.baseline import Baseline
from conformance.model.breach import Breach
from conformance.model.outcome import Finding, Outcome
from conformance.model.report import FORMAT as REPORT_FORMAT
from conformance.model.report import VERSION, Past, Report
from conformance.model.shape import shapes
from conformance.model.target import Target
from conformance.model.waiver import Waiver
from conformance.render.encoded import indented, sound
from conformance.render.layout import PLAIN, Look

FORMAT = "json"
SUFFIX = ".json"

_SHAPED = ("fail", "waived")


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as one JSON object."""
    return indented(_record(report)) + "\n"


def document(report: Report) -> dict[str, Any]:
    """What a parser reads back."""
    found: dict[str, Any] = sound(_record(report))
    return found


def _record(report: Report) -> dict[str, Any]:
    """All that any renderer shows, so that `conformance render` can go on from it."""
    return {
        "format": REPORT_FORMAT,
        "version": VERSION,
        "tool": report.tool,
        "target": target(report.target),
        "profile": report.profile,
        "profile_title": report.profile_title,
        "through": report.through,
        "threshold": report.threshold,
        "selection": {"select": report.select, "ignore": report.ignore},
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "verdict": report.verdict,
        "exit_code": report.exit_code,
        "reasons": report.reasons,
        "remarks": report.remarks,
        "summary": {**report.counts(), **report.counts_by_level()},
        **({"baseline": _baseline(report.baseline, report)} if report.baseline else {}),
        "outcomes": [_outcome(outcome) for outcome in report.outcomes],
        **({"enforcement": [_breach(breach) for breach in report.breaches]} if report.breaches else {}),
        **({"history": [_past(past) for past in report.history]} if report.history else {}),
    }


def _baseline(baseline: Baseline, report: Report) -> dict[str, Any]:
    return {
        "file": baseline.file,
        "tool": baseline.tool,
        "address": baseline.address,
        "started": baseline.started,
        "tolerated": len(report.tolerated),
        "mended": baseline.mended,
        "unseen": baseline.unseen,
    }


def target(seen: Target) -> dict[str, Any]:
    """What was looked at."""
    return {
        "address": seen.address,
        "origin": seen.origin,
        "database": seen.database,
        "server_version": seen.server_version,
        "session_user": seen.session_user,
        "current_user": seen.current_user,
        "schemas": seen.schemas,
        "in_recovery": seen.in_recovery,
        "superuser": seen.superuser,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    requirement = outcome.requirement
    return {
        "id": requirement.id,
        "plane": outcome.plane,
        "kind": requirement.kind,
        "level": requirement.level,
        "since": requirement.since,
        "until": requirement.until,
        "source": requirement.source,
        "file": requirement.file,
        "line": requirement.line,
        "table": requirement.table,
        "column": requirement.column,
        "columns": requirement.columns,
        "object": outcome.object,
        "verdict": outcome.verdict,
        "expected": outcome.expected,
        "observed": outcome.observed,
        "because": outcome.because,
        "note": outcome.note,
        "evidence": outcome.evidence,
        "findings": [_finding(finding, outcome) for finding in outcome.findings],
        "repair": outcome.repair,
        **({"shape": shapes(outcome)} if outcome.verdict in _SHAPED else {}),
        **({"waiver": _waiver(outcome.waiver)} if outcome.waiver else {}),
        **({"tolerated": outcome.tolerated} if outcome.tolerated else {}),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "requirement": waiver.requirement,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
        "ticket": waiver.ticket,
        "shape": waiver.shape,
        "file": waiver.file,
        "line": waiver.line,
    }


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "id": breach.requirement.id,
        "level": breach.requirement.level,
        "expected": breach.expected,
        "enforced_by": breach.enforced_by,
        "entry": breach.entry,
        "detail": breach.detail,
        "script": breach.script,
    }


def _past(past: Past) -> dict[str, Any]:
    return {"started": past.started, "verdict": past.verdict, "summary": dict(past.counts)}


def _finding(finding: Finding, outcome: Outcome) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "message": finding.message,
        "location": {
            "object": finding.location,
            "file": finding.file or outcome.requirement.file,
            "line": finding.line or outcome.requirement.line,
            **({"column": finding.column} if finding.column else {}),
        },
        "witness": finding.witness,
        "witnesses": finding.witnesses,
        "total": finding.total,
        **{name: text for name in ("script", "frame", "repair") if (text := getattr(finding, name)) is not None},
        **({"tolerated": True} if finding.tolerated else {}),
    }
