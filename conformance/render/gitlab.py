"""GitLab's code quality report: what merge requests show beside the diff.

Each result is an entry with a fingerprint of its own, by which GitLab tells what is new from what was there before. The
severity follows from the level: `must` is critical, `should` major, `may` minor, what is waived and what the baseline
has too info. What could not be evaluated is as severe as what fails, and says so. Of what would be too much the worst
is kept, and an entry counts the rest. The schema has no place for what was selected: that is the last entry, an info.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.model.report import Report
from conformance.render.bounded import bounded, cut
from conformance.render.encoded import encoded
from conformance.render.layout import PLAIN, Look, inert
from conformance.render.results import Result, place_of, results, rule_of

FORMAT = "gitlab"
SUFFIX = ".gitlab.json"

_LONGEST = 1_000
_SEVERITIES = ("critical", "major", "minor")


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as a JSON array, an entry a line."""
    found = results(report)
    entries = list(bounded(lambda longest: (encoded(_entry(result, longest)) for result in found)))
    if left := found[len(entries) :]:
        entries.append(encoded(_rest(left)))
    entries += [encoded(_chosen(word, of)) for word, of in report.chosen]
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
    severity = "info" if all(one.excused for one in left) else _SEVERITIES[left[0].severity]
    return _of_the_run(
        "left-out", f"{len(left):,} more are left out here, the worst is kept: the JSON report has all", severity
    )


def _chosen(word: str, patterns: Sequence[str]) -> dict[str, Any]:
    """The entry that tells what was selected, or ignored: no result is of what that leaves out."""
    told = inert(cut(", ".join(patterns), _LONGEST))
    return _of_the_run(word, f"{word}: {told}; what that leaves out was not examined")


def _of_the_run(fingerprint: str, description: str, severity: str = "info") -> dict[str, Any]:
    """An entry about the run as a whole."""
    return {
        "description": description,
        "check_name": "conformance",
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": "contract", "lines": {"begin": 1}},
    }
