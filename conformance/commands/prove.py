"""`conformance prove`: provoke a schema or an implementation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.argument_values import count, judge_prove
from conformance.calls import chosen_of, delivered, judge_sandbox, judged, outputs_of
from conformance.config import settings
from conformance.errors import UsageError
from conformance.option_groups import choosing, delivering, throwing_away

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options


def options(parser: ArgumentParser) -> None:
    """What may be given."""
    parser.description = (
        "Provoke a schema in a sandbox: rows that the documentation allows have to go in, rows that it forbids have to"
        " be refused, and what is documented to happen has to happen. Every example is rolled back. SOURCE is the URL"
        " of a database, which is not touched: its schema is rebuilt in the sandbox from its catalog, without anybody's"
        " code; or a snapshot of one. Without SOURCE and --migrations: our own."
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="postgresql://USER@HOST:PORT/DBNAME, or a snapshot")
    parser.add_argument("--schema", metavar="NAME", help="the schema of SOURCE to look in, instead of the search path")
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="provoke the very database at SOURCE, with its own triggers, rules and policies: one that could be done"
        " without; every example is rolled back, races are left out",
    )
    parser.add_argument(
        "--i-own-this-database", dest="owned", metavar="NAME", help="its name, beside --in-place: no other is provoked"
    )
    parser.add_argument(
        "--migrations",
        metavar="FOLDER",
        type=Path,
        help="SQL files NNNN_name.sql, pairs or marked ones, as `replay` reads them; they are run, so they have to be"
        " trusted",
    )
    parser.add_argument(
        "--adapter",
        metavar="SPEC",
        help="an implementation to put to its laws: module:name, file.py:name (its code is run) or requests.json",
    )
    choosing(parser)
    throwing_away(parser)
    parser.add_argument(
        "--server",
        metavar="URL",
        help="a server to create databases of its own on, which are dropped; no other is touched",
    )
    parser.add_argument(
        "--examples", metavar="N", type=count, help="of a law a requirement, beside its small domains (25)"
    )
    parser.add_argument(
        "--effort", metavar="NAME", help="without --examples: ci (25), thorough (200) or nightly (2000)"
    )
    parser.add_argument("--seed", metavar="N", type=int, help="the same seed, the same examples (0)")
    delivering(parser)


def run(given: Namespace) -> int:
    """Do it; the exit code."""
    judge_prove(given)
    if hasattr(given, "adapter"):
        return _prove_adapter(given)
    migrations, in_place = getattr(given, "migrations", None), getattr(given, "owned", None)

    def prove(source: str | None, options: Options) -> Report:
        from conformance.effort import memory
        from conformance.progress import progress
        from conformance.proving import prove

        named = ("examples", "effort", "seed", "server")
        how = {name: getattr(given, name) for name in named if hasattr(given, name)}
        with progress("provoking the sandbox"):
            return prove(migrations, options, source=source, in_place=in_place, memory=memory(), **how)

    return judged(given, prove, sandboxed=True)


def _prove_adapter(given: Namespace) -> int:
    """An implementation. A selection in the configuration is of requirements, and none of its laws."""
    from conformance.adapting import prove_adapter
    from conformance.effort import memory
    from conformance.progress import progress

    if getattr(given, "source", None) is not None:
        raise UsageError("an implementation stands on a sandbox of its own: leave SOURCE out")
    if hasattr(given, "effort"):
        raise UsageError("--effort counts the examples of a schema's laws; with --adapter, --examples is the measure")
    outputs = outputs_of(given)
    chosen = {key: value for key, value in settings().items() if key not in ("select", "ignore", "schema")}
    options = chosen_of(given, chosen)
    if options.sandbox is not None:
        judge_sandbox(options.sandbox)
    how = {name: getattr(given, name) for name in ("examples", "seed", "server") if hasattr(given, name)}
    with progress("provoking the implementation"), redirect_stdout(sys.stderr):  # the report's place is not its own
        report = prove_adapter(given.adapter, options, getattr(given, "migrations", None), memory=memory(), **how)
    return delivered(report, outputs, given)
