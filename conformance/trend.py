"""`--history`: the earlier runs beside this one, from a folder of JSON reports.

A folder may hold anything. Whatever is no report, or one of another database or another question, is left out, and the
report says so: a curve of two databases would be a lie. Counts and verdicts follow from the outcomes in each file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conformance.model.record import replace
from conformance.model.report import Past, Report
from conformance.sources import report_folder

_TOLD = 5


def with_history(report: Report, folder: Path) -> Report:
    """The report with the runs in a folder. Raises `UsageError` where it is no folder."""
    files, older = report_folder.newest(folder)
    found: dict[str, Past] = {}
    left: Counter[str] = Counter()
    named: dict[str, str] = {}
    for name, other in report_folder.reports(files):
        why = other if isinstance(other, str) else _other_question(other, report)
        if why:
            left[why] += 1
            named.setdefault(why, name)
        elif isinstance(other, Report) and other.started != report.started:
            found[other.started] = past(other)
    runs = tuple(found[started] for started in sorted(found))
    return replace(report, history=runs, remarks=(*report.remarks, *_remarks(left, named, older)))


def past(report: Report) -> Past:
    """What is kept of a run."""
    return Past(started=report.started, verdict=report.verdict, counts=report.counts())


def _other_question(other: Report, report: Report) -> str:
    """Why a report cannot stand in one row with this one, or ""."""
    if _database(other) != _database(report):
        return "is of another database"
    if (other.profile, other.through) != (report.profile, report.through):
        return f"is of the profile {other.profile} through {other.through}"
    if (other.select, other.ignore) != (report.select, report.ignore):
        return "is of another selection"
    if _planes(other) != _planes(report):
        return "is of other planes"
    return ""


def _database(report: Report) -> tuple[str, str]:
    """The server and the database, whoever looked."""
    return report.target.address.rpartition("@")[2], report.target.database


def _planes(report: Report) -> set[str]:
    return {outcome.plane for outcome in report.outcomes}


def _remarks(left: Counter[str], named: dict[str, str], older: int) -> Iterator[str]:
    for why, count in left.most_common(_TOLD):
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"history: left out {named[why]}{more}: {'it' if count == 1 else 'each'} {why}"
    if rest := sum(left.values()) - sum(count for _, count in left.most_common(_TOLD)):
        yield f"history: left out {rest} more"
    if older:
        yield f"history: left out the {older} files that were written first: no more than {report_folder.MOST} are read"
