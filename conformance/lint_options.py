"""The options of `conformance lint`."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path

from conformance.argument_values import ignoring, table_rows


def add(parser: ArgumentParser) -> None:
    """What `lint` alone knows."""
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
