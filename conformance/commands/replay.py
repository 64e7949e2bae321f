"""`conformance replay`: run a folder of migrations in every way."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path

from conformance.argument_values import count
from conformance.calls import chosen_of, delivered, judge_sandbox, outputs_of
from conformance.config import settings
from conformance.option_groups import contract, delivering, throwing_away


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Run a folder of SQL migrations on a throw-away server in every way that it may be run, and judge them by the"
        " laws of a history. Without DIR: our own. The migrations are run as a superuser of that server, so they are"
        " trusted: what they do outside of the database is done on this machine."
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", help="of NNNN_name.sql, or of up and down scripts")
    parser.add_argument(
        "--pattern", metavar="REGEX", help="of the names of the files, with (?P<number>…), and perhaps name and way"
    )
    parser.add_argument(
        "--rows",
        metavar="N",
        type=count,
        help="measure live-traffic on tables of so many rows, such as 1000000; takes minutes",
    )
    parser.add_argument(
        "--may-refuse",
        metavar="TEXT",
        action="append",
        help="an error, or a part of one, with which a migration may refuse to run again, such as 'already exists'; may"
        " be repeated",
    )
    contract(parser)
    parser.add_argument(
        "--strict", action=BooleanOptionalAction, help="a `should` that is departed from fails the run too"
    )
    parser.add_argument(
        "--select", metavar="LAW", action="append", help="only these laws, migrations, ids or globs; may be repeated"
    )
    parser.add_argument("--ignore", metavar="LAW", action="append", help="not these; may be repeated")
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, in TOML")
    throwing_away(parser)
    delivering(parser)


def run(given: Namespace) -> int:
    """The migrations of a folder, replayed. A selection in the configuration is of requirements, and none of laws."""
    from conformance.progress import progress
    from conformance.replaying import replay

    outputs = outputs_of(given)
    chosen = {key: value for key, value in settings().items() if key not in ("select", "ignore", "schema")}
    options = chosen_of(given, chosen)
    if options.sandbox is not None:
        judge_sandbox(options.sandbox)
    with progress("replaying the migrations"):
        how = {name: getattr(given, name) for name in ("pattern", "rows", "may_refuse") if hasattr(given, name)}
        report = replay(getattr(given, "folder", None), options, **how)
    return delivered(report, outputs, given)
