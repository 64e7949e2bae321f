"""Which lints are to be ignored in which files."""

from __future__ import annotations

from fnmatch import fnmatchcase
from os.path import abspath
from pathlib import Path, PurePath

from conformance.model.record import Record


class Ignoring(Record):
    """The lints to ignore in the files that a glob matches; `folder` is what the glob is relative to."""

    glob: str
    codes: tuple[str, ...]
    folder: Path = Path()

    def matches(self, file: str) -> bool:
        """Whether the glob matches the file: its name where the glob has no slash, else its path."""
        if "/" not in self.glob:
            return fnmatchcase(PurePath(file).name, self.glob)
        return fnmatchcase(Path(abspath(file)).as_posix(), Path(abspath(self.folder / self.glob)).as_posix())

    def ignores(self, code: str) -> bool:
        """Whether the lint of this code is one of them."""
        return any(fnmatchcase(code, pattern) for pattern in self.codes)
