"""The options of the commands of the gate, and those that they share with others."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

_SIDE = "the URL of a database, a snapshot, a JSON report, a folder of migrations or a file of SQL"


def contract(parser: ArgumentParser) -> None:
    """What the schema is judged by."""
    parser.add_argument("--profile", metavar="NAME", help="documented (the default) or reference")
    parser.add_argument("--through", metavar="MIGRATION", help="the schema as of this migration, such as 0018")
    parser.add_argument(
        "--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML; may be repeated"
    )


def baseline(parser: ArgumentParser) -> None:
    """What is tolerated."""
    parser.add_argument(
        "--baseline",
        metavar="REPORT",
        type=Path,
        help="a JSON report: what departs as it does there is tolerated, what is new or worse fails the run",
    )


def waive(parser: ArgumentParser) -> None:
    parser.description = (
        "Write a waiver for what departs: at the end of a file of waivers, bound to the shape of what is there now, so"
        " that another departure fails again. What does not fail is not waived."
    )
    parser.add_argument("source", metavar="SOURCE", help=_SIDE)
    parser.add_argument("id", metavar="ID", help="a requirement, an invariant, a lint, or a glob over those of a table")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it may stay as it is for now")
    parser.add_argument("--owner", required=True, metavar="NAME", help="who answers for it")
    parser.add_argument("--expires", required=True, metavar="DAY", help="the last day on which it counts, in UTC")
    parser.add_argument("--ticket", metavar="TEXT", default="", help="where it is dealt with")
    parser.add_argument(
        "--waivers",
        metavar="FILE",
        type=Path,
        help="where it goes (that of the configuration, or conformance-waivers.toml)",
    )
    contract(parser)
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of the search path")


def diff(parser: ArgumentParser) -> None:
    parser.description = (
        "What A has that B has not, and the other way round, in the words of the contract: each requirement that is met"
        " by one of them, or that they depart from in different ways. A and B are each the URL of a database, a"
        " snapshot, a JSON report, a folder of migrations or a file of SQL. What no requirement is about is not"
        " compared."
    )
    parser.add_argument("a", metavar="A", help=_SIDE)
    parser.add_argument("b", metavar="B", help="the same")
    contract(parser)
    parser.add_argument("--select", metavar="ID", action="append", help="only these ids or globs; may be repeated")
    parser.add_argument("--ignore", metavar="ID", action="append", help="not these ids or globs; may be repeated")
    parser.add_argument("--schema", metavar="NAME", help="the schema to look in, instead of the search path")
    parser.add_argument(
        "--format", metavar="FORMAT", default="text", choices=("text", "json"), help="text or json (text)"
    )
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help="where it goes (standard output)")
    parser.add_argument("--no-color", action="store_true", default=False, help="as $NO_COLOR does")
