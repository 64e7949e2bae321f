"""A folder of JSON reports of ours: the newest of them, read, and what else lies there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.report import Report
from conformance.sources import report_file

MOST = 100


def newest(folder: Path) -> tuple[list[Path], int]:
    """The JSON files in a folder that were written last, by name, and how many older ones there are beside them.
    Raises `UsageError`."""
    try:
        files = [file for file in folder.iterdir() if file.name.lower().endswith(".json") and file.is_file()]
        files.sort(key=lambda file: (file.stat().st_mtime_ns, file.name))
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}; --history takes a folder of reports") from None
    return sorted(files[-MOST:]), max(len(files) - MOST, 0)


def reports(files: list[Path]) -> Iterator[tuple[str, Report | str]]:
    """Each file by its name, with the report in it, or with why there is none."""
    for file in files:
        try:
            yield file.name, report_file.report_of(report_file.read(file))
        except UsageError as error:
            yield file.name, str(error).removeprefix(f"{file} ")
