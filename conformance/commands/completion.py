"""`conformance completion`: a script for a shell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from conformance.calls import printed


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = "A script with which a shell completes this command line, on standard output."
    parser.add_argument("shell", metavar="SHELL", help="bash, zsh or fish")


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.completion import completion

    return printed([completion(given.shell).rstrip("\n")])
