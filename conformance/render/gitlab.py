"""GitLab's code quality report: what merge requests show beside the diff.

Each result is an entry with a fingerprint of its own, by which GitLab tells what is new from what was there before. The
severity follows from the level: `must` is critical, `should` major, `may` minor, what is waived and what the baseline
has too info. What could not be evaluated is as severe as what fails, and says so. Of what would be too much the worst
is kept, and the last entry counts the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.report import Report
from conformance.render.bounded import bounded
from conformance.render.encoded import encoded
from conformance.render.layout import PLAIN, Look
from conformance.render.results import Result, place_of, results, rule_of

FORMAT = "gitlab"
SUFFIX = ".gitlab.json"

_SEVERITIES = ("critical", "major", "minor")


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as a JSON array, an entry a line."""
    found = results(report)
    entries = list(bounded(lambda longest: (encoded(_entry(result, longest)) for result in found)))
    if left := found[len(entries) :]:
        entries.append(encoded(_rest(left)))
    return "[\n" + ",\n".join(entries) + ("\n" if entries else "") + "]\n"


def _entry(result: Result, longest: int) -> dict[str, Any]:
    path, line = place_of(result)
    return {
        "description": result.shortened(longest),
        "check_name": rule_of(result.outcome),
        "fingerprint": result.fingerprint,
        "severity": "info" if result.excused else _SEVERITIES[result.severity],
        "location": {"path": path.lstrip("/") or "contract", "lines": {"begin": line}},
    }


def _rest(left: Sequence[Result]) -> dict[str, Any]:
    """The entry that counts what is left out, as severe as the worst of it."""
    return {
        "description": f"{len(left):,} more are left out here, the worst is kept: the JSON report has all",
        "check_name": "conformance",
        "fingerprint": "left-out",
        "severity": "info" if all(one.excused for one in left) else _SEVERITIES[left[0].severity],
        "location": {"path": "contract", "lines": {"begin": 1}},
    }
