"""The endpoint of a shields.io badge: `https://img.shields.io/endpoint?url=…` draws it.

It has the keys that shields knows and no other, because it rejects a file with one that it does not know. Only words of
ours are in it: the verdict, the migration and counts.
"""

from __future__ import annotations

import json

from conformance.model.contract import LEVELS
from conformance.model.record import Record
from conformance.model.report import Report
from conformance.render.layout import PLAIN, Look, inert

FORMAT = "badge"
SUFFIX = ".badge.json"

LABEL = "Astra schema"


class Badge(Record):
    """What a badge says, and its colour by the name that shields gives it."""

    message: str
    colour: str


def badge(report: Report) -> Badge:
    """`conforms through 0028`, `departs: 2 must`, `not evaluated: 1 must`."""
    by_level = report.counts_by_level()
    if report.verdict == "pass":
        partly = any(by_level["should"][verdict] for verdict in ("fail", "indeterminate"))
        return Badge(
            message=inert(f"conforms{' as to must' * partly} through {report.through}"),
            colour="green" if partly else "brightgreen",
        )
    verdict, opening, colour = {
        "fail": ("fail", "departs", "red"),
        "indeterminate": ("indeterminate", "not evaluated", "orange"),
    }[report.verdict]
    levels = LEVELS[: LEVELS.index(report.threshold) + 1]
    counts = ", ".join(f"{by_level[level][verdict]} {level}" for level in levels if by_level[level][verdict])
    return Badge(message=f"{opening}: {counts or 'nothing was examined'}", colour=colour)


def render(report: Report, look: Look = PLAIN) -> str:
    """The endpoint as one JSON object. A verdict that is no pass is an error to shields: no query repaints it."""
    shown = badge(report)
    record = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": shown.message,
        "color": shown.colour,
        "isError": report.verdict != "pass",
    }
    return json.dumps(record, indent=2) + "\n"
