"""`conformance list`: what is claimed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from conformance.calls import options_of, printed
from conformance.option_groups import contract
from conformance.output import look_of


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "The requirements and invariants of a profile that live at a migration, the conflicts, or the lints."
    )
    contract(parser)
    parser.add_argument(
        "--conflicts", action="store_true", default=False, help="where page and facts disagree, and what was decided"
    )
    parser.add_argument("--lints", action="store_true", default=False, help="the hazards that `lint` finds")


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance import listing
    from conformance.sources import contract as source

    if given.lints:
        return printed(listing.lint_table(look_of(sys.stdout, no_color=True, quiet=False)))
    if given.conflicts:
        from conformance.sources.page import conflicts

        look = look_of(sys.stdout, no_color=True, quiet=False)
        return printed(listing.conflict_table(conflicts(source.FOLDER), look))
    from conformance.options import judge_through

    options = options_of(given)
    judge_through(options.through)
    return printed(listing.requirements(listing.lines(options.profile, options.contract), options.through))
