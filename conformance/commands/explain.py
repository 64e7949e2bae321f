"""`conformance explain`: one claim, one lint or one conflict."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from conformance.calls import printed
from conformance.config import settings
from conformance.output import look_of


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = "What is asked for, why, on whose word, and what mends it."
    parser.add_argument(
        "id",
        metavar="ID",
        help="a requirement, an invariant, a kind of claim (unique, no-orphan), a law of a history or a conflict (C02)",
    )
    parser.add_argument("--contract", metavar="FILE", type=Path, action="append", help="more requirements, in TOML")


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    from conformance.explain import explain

    extra = getattr(given, "contract", settings().get("contract", ()))
    return printed(explain(given.id, extra, look_of(sys.stdout, no_color=True, quiet=False)))
