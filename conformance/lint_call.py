"""`conformance lint` as it is called: the files that it is about, and what the configuration says of it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.config import lint_settings, settings
from conformance.errors import UsageError

if TYPE_CHECKING:
    from conformance.model.report import Report
    from conformance.options import Options

_OWN = ("postgres", "assume_transaction", "fix", "since")


def linted(given: Namespace, chosen: Callable[[Namespace, Mapping[str, Any]], Options]) -> Report:
    """The report; `chosen` makes options of the command line and the configuration. Raises `ConformanceError`."""
    from conformance.linting import lint

    configured = dict(lint_settings())
    general: dict[str, Any] = dict(settings())
    general |= {key: configured.pop(key) for key in ("select", "ignore") if key in configured}
    own = {key: getattr(given, key) for key in _OWN if hasattr(given, key)}
    if hasattr(given, "per_file_ignores"):
        own["ignoring"] = tuple(given.per_file_ignores)
    if hasattr(given, "rows"):
        own["rows"] = dict(given.rows)
    paths, unsaved = _files(given)
    return lint(paths, chosen(given, general), unsaved=unsaved, **{**configured, **own})


def _files(given: Namespace) -> tuple[list[Path], dict[Path, str]]:
    """What to read, and the text of the file that is being edited, if there is one."""
    paths: list[Path] = getattr(given, "paths", [])
    file: Path | None = getattr(given, "stdin_filename", None)
    if file is None:
        if not paths:
            raise UsageError("name the migrations: a folder, or files of SQL; see conformance lint --help")
        return paths, {}
    if paths:
        raise UsageError("--stdin-filename says which file is meant, and its folder is read beside it: leave PATH out")
    if hasattr(given, "fix"):
        raise UsageError("--fix changes files, and --stdin-filename has one that is not saved; give one of them")
    from conformance.sources.migrations import decoded, number_of

    text = decoded(file, sys.stdin.buffer.read())
    beside = file.parent.is_dir() and number_of(file.name) is not None
    return [file.parent if beside else file], {file: text}
