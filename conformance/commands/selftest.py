"""`conformance selftest`: the tool's own kill matrix."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = "Break an embedded server in every way that the contract forbids, and see each found."
    parser.add_argument(
        "-o", dest="out", metavar="FOLDER", type=Path, default=None, help="write selftest.md and selftest.json there"
    )
    parser.add_argument(
        "--postgres", type=int, metavar="MAJOR", default=None, help="the server's major version (the newest at hand)"
    )
    parser.add_argument("--quiet", action="store_true", default=False, help="only the last lines")


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.selftest import run_command

    return run_command(given.out, quiet=given.quiet, major=given.postgres)
