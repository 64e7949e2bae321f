"""`conformance diff`: two sources looked at by one contract, and compared in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.model.record import replace
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.difference import Comparison
    from conformance.model.report import Report

_OF_A_REPORT = ("profile", "through", "select", "ignore")


def diff(a: str, b: str, options: Options | None = None, **chosen: object) -> Comparison:
    """What one of two sources has that the other has not: each the URL of a database, a snapshot, a JSON report, a
    folder of migrations or a file of SQL.

    A report was judged by a profile as of a migration, and so is what it is compared with, unless `chosen`, which are
    fields of `Options`, ask for others: then it is refused. Raises `ConformanceError` where a side cannot be looked at.
    """
    from conformance.model.difference import compare
    from conformance.sides import is_report, report_of

    asked = replace(options or Options(), **chosen, waivers=None, baseline=None)
    told = {source: report_of(source, asked) for source in (a, b) if is_report(source)}
    for report in told.values():
        own = {name: getattr(report, name) for name in _OF_A_REPORT if name not in chosen}
        asked = replace(asked, **own)
    sides = [told.get(source) or report_of(source, asked) for source in (a, b)]
    for source, report in zip((a, b), sides, strict=True):
        _judge(source, report, asked)
    return compare(*sides)


def _judge(source: str, report: Report, asked: Options) -> None:
    """A side that is judged by another measure than what is asked for is no side."""
    for name in ("profile", "through"):
        wanted, had = getattr(asked, name), getattr(report, name)
        if wanted != had:
            raise UsageError(
                f"{source} is a report of --{name} {had!a}, and {wanted!a} is asked for: compare like with like"
            )
