"""`lint --fix`: what is mechanical in the hazards of migration files, done to the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from conformance.errors import UsageError
from conformance.hazards import Found
from conformance.model.lint import Edit
from conformance.model.record import replace
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
    for file in files:
        if counts.get(file.name):
            write(Path(file.name), file.text, read[file.name])
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


def write(file: Path, text: str, read: str) -> None:
    """Put the text in place of the one that was read, with the mark at its head that it had. Raises `UsageError`."""
    try:
        found = file.read_bytes()
        mark = _MARK if found.startswith(_MARK) else b""
        if found != mark + read.encode("utf-8"):
            raise UsageError(f"{file} has changed while it was looked at, and is left as it is now: run it again")
        file.write_bytes(mark + text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
