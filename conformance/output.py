"""Where reports go: to standard output, or to files that are complete or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from conformance.errors import ConformanceError, UsageError
from conformance.model.record import Record
from conformance.render.layout import PLAIN, Look

_NARROWEST = 40


class Output(Record):
    """One report in one format; `file` is None for standard output."""

    format: str
    file: Path | None = None


def planned(given: Sequence[tuple[str, str]]) -> tuple[Output, ...]:
    """The outputs that `--format` and `-o` ask for; `given` holds them in order, each as (option, value).

    Raises `UsageError` for what could not be delivered, before anything is looked at.
    """
    if not given:
        return (Output(format="text"),)
    outputs = tuple(_planned(format_, file) for format_, file in _pairs(given))
    on_stdout = [output.format for output in outputs if output.file is None]
    if len(on_stdout) > 1:
        raise UsageError(f"{' and '.join(on_stdout)} cannot both go to standard output; give one of them -o FILE")
    files = [output.file for output in outputs if output.file is not None]
    for file in files:
        judge_file(file)
        if files.count(file) > 1:
            raise UsageError(f"{file} is given for two formats")
    return outputs


def _pairs(given: Sequence[tuple[str, str]]) -> Iterator[tuple[str | None, str | None]]:
    """Each format with the file that follows it; a file that comes first takes the format that follows, if it may."""
    format_: str | None = None
    file: str | None = None
    for option, value in given:
        if option == "--format":
            if format_ is not None or (file is not None and _format_of(file) not in (None, value)):
                yield format_, file
                file = None
            format_ = value
        else:
            if file is not None:
                yield format_, file
                format_ = None
            file = value
    yield format_, file


def _format_of(file: str) -> str | None:
    from conformance.render import renderers

    name = Path(file).name.lower()
    suffixes = {found.SUFFIX: format_ for format_, found in renderers().items()}
    return next((suffixes[end] for end in sorted(suffixes, key=len, reverse=True) if name.endswith(end)), None)


def _planned(format_: str | None, file: str | None) -> Output:
    from conformance.render import renderers

    if format_ is None and file is not None:
        format_ = _format_of(file)
        if format_ is None:
            known = ", ".join(found.SUFFIX for found in renderers().values())
            raise UsageError(f"the format of -o {file} is not clear; name it by --format, or end it in one of {known}")
    if format_ is None or format_ not in renderers():
        raise UsageError(f"there is no format {format_!r}; there are: {', '.join(renderers())}")
    return Output(format=format_, file=None if file in (None, "-") else Path(file))


def judge_file(file: Path) -> None:
    """Raises `UsageError` where the file could not be written."""
    if file.is_dir():
        raise UsageError(f"-o {file} is a folder; name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"-o {file} cannot be written: there is no folder {file.parent}")
    if not os.access(file if file.exists() and not file.is_file() else file.parent, os.W_OK):
        raise UsageError(f"-o {file} cannot be written: {file.parent} does not let this user write")


def look_of(stream: TextIO | None, *, no_color: bool, quiet: bool) -> Look:
    """Colour and width for what is written to this stream."""
    if stream is None:
        return Look(quiet=quiet)
    terminal = stream.isatty()
    environ = os.environ
    forced = environ.get("FORCE_COLOR", "") not in ("", "0")
    capable = terminal and environ.get("TERM") != "dumb"
    colour = not no_color and not environ.get("NO_COLOR") and (forced or capable)
    width = PLAIN.width
    if terminal:
        with suppress(OSError, ValueError):
            width = os.get_terminal_size(stream.fileno()).columns or width
    return Look(colour=colour, width=max(width, _NARROWEST), quiet=quiet)


def write(file: Path, text: str) -> None:
    """Put `text` into the file, whole or not at all. A pipe or a device is written to as it is."""
    target = file.resolve()
    special = target.exists() and not target.is_file()
    partial = target if special else target.with_name(f".{target.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        if not special:
            partial.replace(target)
    except OSError as error:
        raise ConformanceError(f"{file} could not be written: {error.strerror}") from None
    finally:
        if not special:
            partial.unlink(missing_ok=True)


def emit(text: str, stream: TextIO | None) -> None:
    """Write to standard output or standard error. A reader that has gone away is no error."""
    if stream is None:
        return
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
    except OSError as error:
        _abandon(stream)
        raise ConformanceError(f"the report could not be written: {error.strerror}") from None


def _abandon(stream: TextIO) -> None:
    """Send what is left in the stream nowhere, so that the interpreter's last flush has nothing to say."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
