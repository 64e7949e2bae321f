"""`conformance level`: which migration a database has reached."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, BooleanOptionalAction, Namespace

from conformance.calls import OPTIONS, judge_source, out_of, put
from conformance.config import settings
from conformance.option_groups import plain, reaching, writing
from conformance.output import look_of


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Which migration a database has really reached, object by object, whatever its own ledger of migrations claims:"
        " golang-migrate's, Flyway's, Alembic's, goose's, dbmate's or sqitch's, which is read too, and held against the"
        " catalog. Read-only. Without SOURCE: as check."
    )
    parser.epilog = (
        "exit codes: 0 a level is cleanly reached and no ledger contradicts it, 1 otherwise, 2 the call is wrong, 3"
        " could not be looked at, 130 interrupted"
    )
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot of one"
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="reference (the default: the page is silent on seven of the migrations) or documented",
    )
    parser.add_argument("--strict", action=BooleanOptionalAction, help="what the profile calls `should` shows it too")
    reaching(parser)
    parser.add_argument("--format", metavar="FORMAT", choices=("text", "json"), help="text (the default) or json")
    writing(parser)
    plain(parser)


def run(given: Namespace) -> int:
    """Of the configuration only the schema is about how far the migrations have come."""
    from conformance.levelling import level, options_of
    from conformance.progress import progress
    from conformance.render.level import as_json, as_text

    source = getattr(given, "source", None)
    if source is not None:
        judge_source(source, given, rows=False, sandboxed=False)
    configured = {key: value for key, value in settings().items() if key == "schema"}
    options = options_of({**configured, **{key: value for key, value in vars(given).items() if key in OPTIONS}})
    file = out_of(given)
    with progress("looking at the database"):
        found = level(source, options)
    look = look_of(sys.stdout, no_color=given.no_color or file is not None, quiet=False)
    put(as_json(found) if getattr(given, "format", "text") == "json" else as_text(found, look), file)
    return found.exit_code
