"""What the commands of the gate do that give no report: `diff` and `waive`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from conformance.options import Options
from conformance.output import emit, judge_file, look_of, write


def diff_sources(given: Namespace, options: Options) -> int:
    """Says what one source has that the other has not; the exit code."""
    from conformance.differing import diff
    from conformance.progress import progress
    from conformance.render import difference
    from conformance.render.layout import Look

    out: Path | None = getattr(given, "out", None)
    if out is not None:
        judge_file(out)
    named = ("profile", "through", "contract", "select", "ignore", "schema")
    chosen = {name: getattr(given, name) for name in named if hasattr(given, name)}
    with progress("looking at both"):
        found = diff(given.a, given.b, options, **chosen)
    look = Look() if out is not None else look_of(sys.stdout, no_color=given.no_color, quiet=False)
    text = difference.json(found) if given.format == "json" else difference.text(found, look)
    if out is None:
        emit(text, sys.stdout)
    else:
        write(out, text)
    return found.exit_code


def write_waiver(given: Namespace, options: Options) -> int:
    """Puts one more waiver into the file; the exit code."""
    from conformance.progress import progress
    from conformance.render.layout import inert
    from conformance.waiving import FILE, waive

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
