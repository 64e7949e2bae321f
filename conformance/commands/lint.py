"""`conformance lint`: judge migrations from their text."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path

from conformance.argument_values import ignoring, table_rows
from conformance.calls import chosen_of, delivered, outputs_of
from conformance.option_groups import baseline, choosing, delivering


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Judge what SQL migrations build, without a database, by the same contract and the same checks as `check`, and"
        " what their statements would do to live data (the lints, A001 and so on; --select 'A*' for these alone). What"
        " is not understood is said, with its place, and whatever it could touch is indeterminate."
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a folder of migrations, or a file of SQL")
    choosing(parser)
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of public")
    parser.add_argument("--postgres", metavar="MAJOR", type=int, help="the server that they are for, 12 to 18 (18)")
    parser.add_argument(
        "--assume-transaction",
        action=BooleanOptionalAction,
        help="the tool that runs them runs each file in one transaction",
    )
    parser.add_argument(
        "--rows",
        metavar="TABLE=N",
        type=table_rows,
        action="append",
        help="how many rows a table has; below 10,000 what is slow with rows is no hazard; may be repeated",
    )
    parser.add_argument("--fix", action="store_true", help="do to the files what is mechanical, then judge them")
    parser.add_argument(
        "--since",
        metavar="GIT_REF",
        help="only hazards of files that have changed since this commit, branch or tag, or should not have",
    )
    parser.add_argument(
        "--stdin-filename",
        metavar="PATH",
        type=Path,
        help="instead of PATH: this file, whose text is standard input, among the others of its folder",
    )
    parser.add_argument(
        "--per-file-ignores",
        metavar="GLOB:CODES",
        type=ignoring,
        action="append",
        help="in the files that the glob matches, not these lints, such as 'db/0001_*:A001,A1*'; may be repeated",
    )
    baseline(parser)
    delivering(parser)


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.lint_call import linted

    outputs = outputs_of(given)
    return delivered(linted(given, chosen_of), outputs, given)
