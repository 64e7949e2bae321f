"""`conformance snapshot`: take the structure of a database away."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import contract_options, out_of, put
from conformance.errors import UsageError
from conformance.option_groups import reaching, writing


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Take the structure of a database away in a file, read-only: `check` and `prove` read it elsewhere. It holds no"
        " password, and of the rows nothing but the keys of lookup tables."
    )
    parser.add_argument("source", metavar="URL", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME")
    parser.add_argument(
        "--sql",
        action="store_true",
        help="instead of URL: print one SELECT for psql or any other client, whose one value `check` reads",
    )
    writing(parser)
    reaching(parser)
    parser.add_argument(
        "--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML; may be repeated"
    )


def run(given: Namespace) -> int:
    """The structure of a database, or the statement that takes it elsewhere; the exit code."""
    from conformance.progress import progress
    from conformance.taken import statement, take

    options = contract_options(given)
    source, sql = getattr(given, "source", None), hasattr(given, "sql")
    if (source is None) != sql:
        raise UsageError("give the URL of a database, or --sql for a statement to be pasted there, and not both")
    file = out_of(given)
    with progress("looking at the database"):
        text = statement(options) if sql else take(given.source, options)
    put(text, file)
    return 0
