"""`conformance repair`: write a script that mends a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import judge_source, options_of, out_of, put
from conformance.option_groups import contract, reaching, selecting, writing
from conformance.output import emit, look_of


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Write a script that mends what departs, and is safe while the database is in use: nothing is locked while rows"
        " are read or written, no row is changed, and it can be stopped and run again. SOURCE is looked at read-only,"
        " the rows that could stop a statement included, and nothing is run. What would lose data or needs a decision"
        " is left out, and said with the reason."
    )
    parser.epilog = (
        "exit codes: 0 nothing that was to be mended departs behind the script, 1 something is left out, 2 the call or"
        " the contract is wrong, 3 it, or what may stop the script, could not be looked at, 130 interrupted"
    )
    parser.add_argument("source", metavar="SOURCE", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot")
    writing(parser, "the script")
    contract(parser)
    selecting(parser)
    parser.add_argument("--waivers", metavar="FILE", type=Path, help="justified exceptions, which are not mended")
    reaching(parser)


def run(given: Namespace) -> int:
    """The script delivered; the exit code."""
    judge_source(given.source, given, rows=False, sandboxed=False)
    from conformance.progress import progress
    from conformance.repair_script import summary
    from conformance.repairing import repair

    file = out_of(given)
    with progress("looking at the database"):
        found = repair(given.source, options_of(given))
    put(found.script, file)
    emit(summary(found.plan, found.unlooked, look_of(sys.stderr, no_color=True, quiet=False)), sys.stderr)
    return found.exit_code
