"""`conformance audit`: judge the rows of a database as well."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.argument_values import looking_of, seconds, share
from conformance.calls import judged
from conformance.option_groups import judging

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Judge the structure of a database, then every documented invariant of its rows, read-only, in one snapshot."
        " Without SOURCE: as check. Reports hold ids of rows, and no other content unless --show-values."
    )
    judging(parser)
    rows = parser.add_argument_group("how rows are looked at")
    rows.add_argument(
        "--statement-timeout", metavar="TIME", type=seconds, help="for one statement: 90s, 10min (default), 1h"
    )
    rows.add_argument(
        "--max-duration", metavar="TIME", type=seconds, help="for the whole look; what is not reached is indeterminate"
    )
    rows.add_argument(
        "--sample", metavar="SHARE", type=share, help="look at 1%% of the rows, drawn at random: refutes, never proves"
    )
    rows.add_argument("--show-values", action="store_true", help="witnesses with the values that the claim is about")
    rows.add_argument("--witness-key-file", metavar="FILE", type=Path, help="a secret that makes pseudonyms of ids")
    rows.add_argument(
        "--trust-views", action="store_true", help="read views in a table's place, which runs their owner's code"
    )
    rows.add_argument(
        "--distrust-indexes", action="store_true", help="read the rows also where a unique index proves the claim"
    )
    rows.add_argument("--low-memory", action="store_true", help="decide graphs in half of the memory, more slowly")


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    looking = looking_of(given)

    def audit(url: str | None, options: Options) -> Report:
        from conformance.progress import by_table
        from conformance.run import audit

        with by_table() as tell:
            return audit(url, options, looking, tell)

    return judged(given, audit, rows=True)
