"""GitLab's code quality report: what merge requests show beside the diff.

Each result is an entry with a fingerprint of its own, by which GitLab tells what is new from what was there before. The
severity follows from the level: `must` is critical, `should` major, `may` minor, what is waived and what the baseline
has too info. What could not be evaluated is as severe as what fails, and says so.
"""

from __future__ import annotations

from typing import Any

from conformance.model.report import Report
from conformance.render.encoded import encoded
from conformance.render.layout import PLAIN, Look
from conformance.render.results import Result, place_of, results, rule_of

FORMAT = "gitlab"
SUFFIX = ".gitlab.json"

_SEVERITIES = ("critical", "major", "minor")


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as a JSON array, an entry a line."""
    entries = [encoded(_entry(result)) for result in results(report)]
    return "[\n" + ",\n".join(entries) + ("\n" if entries else "") + "]\n"


def _entry(result: Result) -> dict[str, Any]:
    path, line = place_of(result)
    return {
        "description": result.message,
        "check_name": rule_of(result.outcome),
        "fingerprint": result.fingerprint,
        "severity": "info" if result.excused else _SEVERITIES[result.severity],
        "location": {"path": path.lstrip("/") or "contract", "lines": {"begin": line}},
    }
