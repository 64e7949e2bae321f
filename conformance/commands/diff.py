"""`conformance diff`: what one source has that another has not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from conformance.calls import contract_options, out_of, put
from conformance.option_groups import SIDE, contract, plain, reaching, selecting, writing
from conformance.output import look_of


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "What A has that B has not, and the other way round, in the words of the contract: each requirement that is met"
        " by one of them, or that they depart from in different ways. A and B are each the URL of a database, a"
        " snapshot, a JSON report, a folder of migrations or a file of SQL. What no requirement is about is not"
        " compared."
    )
    parser.epilog = (
        "exit codes: 0 they do not differ, 1 they differ, 2 the call or the contract is wrong, 3 nothing differs as far"
        " as could be looked at, 130 interrupted"
    )
    parser.add_argument("a", metavar="A", help=SIDE)
    parser.add_argument("b", metavar="B", help="the same")
    contract(parser)
    selecting(parser)
    reaching(parser)
    parser.add_argument(
        "--format", metavar="FORMAT", default="text", choices=("text", "json"), help="text or json (text)"
    )
    writing(parser)
    plain(parser)


def run(given: Namespace) -> int:
    """Says what one source has that the other has not; the exit code."""
    from conformance.differing import diff
    from conformance.progress import progress
    from conformance.render import difference
    from conformance.render.layout import Look

    out = out_of(given)
    named = ("profile", "through", "contract", "select", "ignore", "schema")
    chosen = {name: getattr(given, name) for name in named if hasattr(given, name)}
    with progress("looking at both"):
        found = diff(given.a, given.b, contract_options(given), **chosen)
    look = Look() if out is not None else look_of(sys.stdout, no_color=given.no_color, quiet=False)
    text = difference.json(found) if given.format == "json" else difference.text(found, look)
    put(text, out)
    return found.exit_code
