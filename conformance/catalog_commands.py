"""The commands that look at a catalog and write no report of the checks: `snapshot` and `level`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.output import emit, judge_file, look_of, write
from conformance.progress import progress

if TYPE_CHECKING:
    from conformance.options import Options


def snapshot(given: Namespace, options: Options) -> int:
    """The structure of a database, or the statement that takes it elsewhere."""
    from conformance.taken import statement, take

    source, sql = getattr(given, "source", None), hasattr(given, "sql")
    if (source is None) != sql:
        raise UsageError("give the URL of a database, or --sql for a statement to be pasted there, and not both")
    file = _file(given)
    with progress("looking at the database"):
        text = statement(options) if sql else take(given.source, options)
    _put(text, file)
    return 0


def level(given: Namespace, options: Options) -> int:
    """How far the migrations of a database have come."""
    from conformance.levelling import level as reached
    from conformance.render.level import as_json, as_text

    file = _file(given)
    with progress("looking at the database"):
        found = reached(getattr(given, "source", None), options)
    look = look_of(sys.stdout, no_color=given.no_color or file is not None, quiet=False)
    _put(as_json(found) if getattr(given, "format", "text") == "json" else as_text(found, look), file)
    return found.exit_code


def _file(given: Namespace) -> Path | None:
    """Where it goes, judged before anything is looked at."""
    file: Path | None = getattr(given, "out", None)
    if file is not None:
        judge_file(file)
    return file


def _put(text: str, file: Path | None) -> None:
    if file is None:
        emit(text, sys.stdout)
    else:
        write(file, text)
