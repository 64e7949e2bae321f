"""`conformance check`: judge the structure of a database."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from conformance.calls import judged
from conformance.option_groups import judging

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Judge the structure of a database, read-only. Without SOURCE: $CONFORMANCE_DATABASE_URL, then $DATABASE_URL,"
        " then a throw-away server with our own migrations."
    )
    judging(parser)


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.progress import progress

    def check(url: str | None, options: Options) -> Report:
        from conformance.run import check

        with progress("looking at the database"):
            return check(url, options)

    return judged(given, check)
