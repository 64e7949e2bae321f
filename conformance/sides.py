"""What `diff` and `waive` look at, whatever it is: a URL, a snapshot, a JSON report, or migrations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.options import Options
from conformance.sources.url import names_file

if TYPE_CHECKING:
    from conformance.model.report import Report

_HEAD = 4096


def is_report(source: str) -> bool:
    """Whether the source is a file that says that it is a report of ours."""
    from conformance.model.report import FORMAT

    if not names_file(source):
        return False
    try:
        with Path(source).open("rb") as stream:
            return FORMAT.encode() in stream.read(_HEAD)
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}") from None


def report_of(source: str, options: Options, *, rows: bool = False) -> Report:
    """The report on a source; of a database with its `rows`, where they are asked for. Raises `ConformanceError`."""
    if is_report(source):
        from conformance.rendering import report

        return report(Path(source))
    if is_sql(source):
        from conformance.linting import lint

        return lint([Path(source)], options)
    if rows and not names_file(source):
        from conformance.run import audit

        return audit(source, options)
    from conformance.run import check

    return check(source, options)


def is_sql(source: str) -> bool:
    """Whether the source is a folder of migrations, or a file of SQL."""
    if "://" in source or "\x00" in source:
        return False
    return Path(source).is_dir() or (names_file(source) and source.endswith(".sql"))
