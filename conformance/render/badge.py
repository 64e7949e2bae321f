"""The endpoint of a shields.io badge: `https://img.shields.io/endpoint?url=…` draws it.

It has the keys that shields knows and no other, because it rejects a file with one that it does not know. Only words of
ours are in it: the verdict, the migration and counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from conformance.model.contract import LEVELS
from conformance.model.record import Record
from conformance.model.report import Report
from conformance.render.layout import PLAIN, Look, inert

FORMAT = "badge"
SUFFIX = ".badge.json"

_LABELS = {
    "adapter": "Astra implementation",
    "history": "Astra migrations",
    "behaviour": "Astra behaviour",
    "state": "Astra schema and rows",
}


class Badge(Record):
    """What a badge says, and its colour by the name that shields gives it. `label` says what was looked at."""

    label: str
    message: str
    colour: str


def badge(report: Report) -> Badge:
    """`conforms through 0028: 1,118 pass`, `departs: 2 must`, `not evaluated: 1 must`.

    Of what conforms it says how much it was, because a selection conforms as well, and how much of it is waived."""
    planes = {outcome.plane for outcome in report.outcomes}
    label = next((words for plane, words in _LABELS.items() if plane in planes), "Astra schema")
    by_level, counts = report.counts_by_level(), report.counts()
    waived = (counts["waived"], "waived")
    through = f"through {report.through}" + " as selected" * bool(report.chosen)
    if report.verdict == "pass" and report.tolerated:
        unseen = sum(outcome.verdict == "indeterminate" for outcome in report.tolerated)
        told = _counted([(len(report.tolerated) - unseen, "tolerated"), (unseen, "not evaluated"), waived])
        message = f"nothing new departs {through}: {told}"
        return Badge(label=label, message=inert(message), colour="yellow")
    if report.verdict == "pass":
        partly = any(by_level["should"][verdict] for verdict in ("fail", "indeterminate"))
        return Badge(
            label=label,
            message=inert(
                f"conforms{' as to must' * partly} {through}: " + _counted([(counts["pass"], "pass"), waived])
            ),
            colour="yellow" if counts["waived"] else "green" if partly or report.chosen else "brightgreen",
        )
    verdict, opening, colour = {
        "fail": ("fail", "departs", "red"),
        "indeterminate": ("indeterminate", "not evaluated", "orange"),
    }[report.verdict]
    levels = LEVELS[: LEVELS.index(report.threshold) + 1]
    found = Counter(o.requirement.level for o in report.outcomes if o.verdict == verdict and not o.tolerated)
    told = _counted([(found[level], level) for level in levels])
    return Badge(label=label, message=f"{opening}: {told or 'nothing was examined'}", colour=colour)


def _counted(counts: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def render(report: Report, look: Look = PLAIN) -> str:
    """The endpoint as one JSON object. A verdict that is no pass is an error to shields: no query repaints it."""
    shown = badge(report)
    record = {
        "schemaVersion": 1,
        "label": shown.label,
        "message": shown.message,
        "color": shown.colour,
        "isError": report.verdict != "pass",
    }
    return json.dumps(record, indent=2) + "\n"
