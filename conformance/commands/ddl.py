"""`conformance ddl`: SQL of a schema that conforms."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from conformance.calls import contract_options, printed
from conformance.option_groups import contract


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = "SQL of a schema that conforms, on standard output."
    contract(parser)


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.ddl import ddl
    from conformance.run import load_contract

    options = contract_options(given)
    return printed([ddl(load_contract(options), options.through).rstrip("\n")])
