"""`conformance render`: a report in another format."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import delivered, outputs_of
from conformance.option_groups import delivering, placing


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Give a JSON report in another format, byte for byte as the run would have given it. The exit code is that of"
        " the report, 0, 1 or 3, in every format; 2 where the file is no report of ours."
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="what --format json wrote")
    delivering(parser)
    placing(parser)


def run(given: Namespace) -> int:
    """A report that was written before, in other formats."""
    outputs = outputs_of(given)
    from conformance.rendering import report

    return delivered(report(given.report), outputs, given)
