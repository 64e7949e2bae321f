"""`conformance snapshot`: take the structure of a database away."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import contract_options
from conformance.option_groups import reaching


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
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, help="where it goes (standard output)")
    reaching(parser)
    parser.add_argument(
        "--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML; may be repeated"
    )


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.catalog_commands import snapshot

    return snapshot(given, contract_options(given))
