"""What `conformance repair` does: the script goes where it is wanted, and what is left out is said on the terminal."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from conformance.options import Options
from conformance.output import emit, judge_file, look_of, write


def deliver(given: Namespace, options: Options) -> int:
    """The script delivered; the exit code."""
    from conformance.progress import progress
    from conformance.repair_script import summary
    from conformance.repairing import repair

    file: Path | None = getattr(given, "out", None)
    if file is not None:
        judge_file(file)
    with progress("looking at the database"):
        found = repair(given.source, options)
    if file is None:
        emit(found.script, sys.stdout)
    else:
        write(file, found.script)
    emit(summary(found.plan, found.unlooked, look_of(sys.stderr, no_color=True, quiet=False)), sys.stderr)
    return found.exit_code
