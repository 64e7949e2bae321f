"""`lint --fix`: what is mechanical in the hazards of migration files, done to the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BufferedRandom
from pathlib import Path

from conformance.errors import UsageError
from conformance.fingerprints import fingerprints
from conformance.hazards import PLANE, Found
from conformance.model.lint import Edit
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.sources.migrations import Text

_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r?\n")
_ROUNDS = 5
"""How often the files are looked at again: what one repair makes possible, the next round does."""


def mended(
    files: Sequence[Text], look: Callable[[Sequence[Text]], Sequence[Found]]
) -> tuple[Sequence[Text], list[str]]:
    """The files with what is mechanical done, written where they were; and a line for each that was changed."""
    counts: dict[str, int] = {}
    read = {file.name: file.text for file in files}
    for _ in range(_ROUNDS):
        found, changed = look(files), []
        for file in files:
            own = edits([one for one in found if one.script.file == file.name])
            counts[file.name] = counts.get(file.name, 0) + len(own)
            changed.append(replace(file, text=applied(file.text, own)))
        if changed == list(files):
            break
        files = changed
    written = [(Path(file.name), file.text, read[file.name]) for file in files if counts.get(file.name)]
    for one in written:
        _judge(*one)
    for one in written:
        write(*one)
    return files, [f"{name}: {count} place{'s' * (count != 1)} fixed" for name, count in counts.items() if count]


def edits(found: Sequence[Found]) -> list[Edit]:
    """What is to be changed in one file, the last place first; a hazard that is suppressed, or whose place another has
    changed already, is left alone."""
    chosen: list[Edit] = []
    taken: set[int] = set()
    for one in found:
        if one.excused is not None or any(one.at + edit.start in taken for edit in one.hit.edits):
            continue
        taken |= {one.at + edit.start for edit in one.hit.edits}
        chosen += [Edit(start=one.at + e.start, end=one.at + e.end, text=e.text) for e in one.hit.edits]
    return sorted(chosen, key=lambda edit: -edit.start)


def applied(text: str, changes: Sequence[Edit]) -> str:
    """The text with the changes, the last of which comes first; their lines end as those of the text do."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    for edit in changes:
        text = text[: edit.start] + _LINE_END.sub(line_end, edit.text) + text[edit.end :]
    return text


def untolerated(found: Sequence[Found], base: Report | None) -> list[Found]:
    """Those of the hazards that the baseline does not have: what it tolerates may be released, and to edit that is a
    hazard of its own."""
    if base is None:
        return list(found)
    known = {one.fingerprint for outcome in base.outcomes if outcome.plane == PLANE for one in outcome.findings}
    open_ = [one for one in found if one.excused is None]
    return [one for one, own in zip(open_, fingerprints(open_), strict=True) if own not in known]


def write(file: Path, text: str, read: str) -> None:
    """Put the text in place of the one that was read, with the mark at its head that it had. The file keeps its owner,
    rights and links, and is as it was where it cannot be written. Raises `UsageError`."""
    try:
        with file.open("r+b") as stream:
            found = _unchanged(file, stream.read(), text, read)
            try:
                _put(stream, (_MARK if found.startswith(_MARK) else b"") + text.encode("utf-8"))
            except BaseException:  # a full disk or an interrupt shall not leave half of a file
                _put(stream, found)
                raise
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None


def _judge(file: Path, text: str, read: str) -> None:
    """Raises `UsageError` where a file cannot be written, before another one is."""
    try:
        with file.open("r+b") as stream:
            _unchanged(file, stream.read(), text, read)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}; no file was changed") from None


def _unchanged(file: Path, found: bytes, text: str, read: str) -> bytes:
    """What is in the file. Raises `UsageError` where that is not what was read, nor what it is to have, as where it has
    two names."""
    if found.removeprefix(_MARK) not in (read.encode("utf-8"), text.encode("utf-8")):
        raise UsageError(f"{file} has changed while it was looked at, and is left as it is now: run it again")
    return found


def _put(stream: BufferedRandom, content: bytes) -> None:
    stream.seek(0)
    stream.write(content)
    stream.truncate()
    stream.flush()
