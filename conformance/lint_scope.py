"""Which files of a run the lints report on, and which lints are ignored in which of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from conformance.errors import UsageError
from conformance.fingerprints import path_of
from conformance.hazards import Found
from conformance.model.deed import Span
from conformance.model.ignoring import Ignoring
from conformance.model.lint import Hit, Script
from conformance.model.record import Record, replace
from conformance.registry import lints
from conformance.releases import Since, since
from conformance.sources.lint_files import script
from conformance.sources.migrations import Text

EDITED = "A305"
"""The code of what is wrong with a released file; of one that is no longer there it is said here."""


class Scope(Record):
    """`only` are the names of the files that are reported on, None for all of them."""

    only: frozenset[str] | None
    since: Since | None
    ignoring: tuple[Ignoring, ...]

    def covers(self, file: str) -> bool:
        """Whether the file is reported on."""
        return self.only is None or file in self.only

    def looked_at(self, files: Sequence[Text], paths: Sequence[Path]) -> Callable[[str], bool]:
        """Whether a run on these paths, which came to these files, would tell a hazard of a file: it is reported on, or
        is no longer there, in a folder that was read."""
        covered = {path_of(file.name) for file in files if self.covers(file.name)}
        folders = {path_of(str(path)) for path in paths if path.is_dir()}

        def looked_at(file: str) -> bool:
            gone = not Path(file).exists() and path_of(str(Path(file).parent)) in folders
            return gone or path_of(file) in covered

        return looked_at

    def script(self, file: Text) -> Script:
        """The file as the lints see it, beside what it was when it was released."""
        old = self.since.released.get(file.name) if self.since else None
        return replace(script(file), released=script(old) if old else None)

    def reported(self, found: Sequence[Found], scripts: Sequence[Script]) -> list[Found]:
        """Those of the hazards that are of a file that is reported on, and those of files that are gone."""
        every = [*(one for one in found if self.covers(one.script.file)), *self._gone(scripts)]
        return [replace(one, excused=one.excused or self._excuse(one)) for one in every]

    def _excuse(self, found: Found) -> str | None:
        matching = (one for one in self.ignoring if one.ignores(found.code) and one.matches(found.script.file))
        first = next(matching, None)
        return f"per-file-ignores, {first.glob}" if first else None

    def _gone(self, scripts: Sequence[Script]) -> Iterator[Found]:
        """What is wrong with files in which there is no statement that could be pointed at."""
        gone = [(Script(file=name, text="", statements=()), "it") for name in (self.since.gone if self.since else ())]
        emptied = [(one, "what was in it") for one in scripts if one.released and not one.statements]
        for file, what in (*gone, *emptied):
            message = f"{what} was released and is no longer there: new databases lack what the others have"
            hit = Hit(span=Span(start=0, end=0), message=message)
            yield Found(code=EDITED, script=file, start=0, end=0, hit=hit)

    def remarks(self, files: Sequence[Text]) -> Iterator[str]:
        """What is to be said of the choice itself."""
        if self.since:
            covered = sum(self.covers(file.name) for file in files)
            yield f"hazards are those of {covered} of {len(files)} files: what has changed since {self.since.ref}"
            yield from self.since.remarks
        for one in self.ignoring:
            if not any(one.matches(file.name) for file in files):
                yield f"per-file-ignores: {one.glob} matches none of the files that were read"


def scope(
    files: Sequence[Text], paths: Sequence[Path], ref: str | None, unsaved: Mapping[Path, str],
    ignoring: Sequence[Ignoring],
) -> Scope:  # fmt: skip
    """What is reported on: the files that are being edited, or those that have changed since `ref`, or all."""
    for one in ignoring:
        judge_codes(one)
    compared = since(files, [path for path in paths if path.is_dir()], ref) if ref is not None else None
    only = compared.changed if compared else None
    if unsaved:
        edited = frozenset(map(str, unsaved))
        only = edited if only is None else only & edited
    return Scope(only=only, since=compared, ignoring=tuple(ignoring))


def judge_codes(ignoring: Ignoring) -> None:
    """Raises `UsageError` for a code that is no lint's."""
    for pattern in ignoring.codes:
        if not any(fnmatchcase(code, pattern) for code in lints()):
            shown = "`conformance list --lints` shows them"
            raise UsageError(f"per-file-ignores: {ignoring.glob}: there is no lint {pattern}; {shown}")
