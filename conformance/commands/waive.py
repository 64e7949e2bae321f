"""`conformance waive`: write a waiver for what departs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import contract_options
from conformance.option_groups import SIDE, contract, reaching
from conformance.output import emit, write


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Write a waiver for what departs: at the end of a file of waivers, bound to the shape of what is there now, so"
        " that another departure fails again. What does not fail is not waived."
    )
    parser.epilog = (
        "exit codes: 0 it is written, 2 it would be no waiver that is in order, or there is nothing to waive, 3 it"
        " could not be evaluated, 130 interrupted"
    )
    parser.add_argument("source", metavar="SOURCE", help=SIDE)
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
    reaching(parser)


def run(given: Namespace) -> int:
    """Puts one more waiver into the file; the exit code."""
    from conformance.progress import progress
    from conformance.render.layout import inert
    from conformance.waiving import FILE, waive

    options = contract_options(given)
    file = options.waivers or FILE
    how = {name: getattr(given, name) for name in ("reason", "owner", "expires", "ticket")}
    with progress("looking at what departs"):
        waiver, text = waive(given.source, given.id, file=file, options=options, **how)
    write(file, text)
    count = len(waiver.shape)
    told = f"{waiver.requirement} is waived until the end of {waiver.expires} in UTC"
    emit(
        inert(f"{waiver.file}:{waiver.line}: {told}, in {count} shape{'s' * (count != 1)}")
        + "\n"
        + inert(f"--waivers {file}, or waivers in conformance.toml, has it counted")
        + "\n",
        sys.stdout,
    )
    return 0
