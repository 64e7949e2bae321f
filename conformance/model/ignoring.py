"""Which lints are to be ignored in which files."""

from __future__ import annotations

from fnmatch import fnmatchcase
from os.path import normpath
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
        return fnmatchcase(_path(Path(file)), _path(self.folder / self.glob))

    def ignores(self, code: str) -> bool:
        """Whether the lint of this code is one of them."""
        return any(fnmatchcase(code, pattern) for pattern in self.codes)


def _path(path: Path) -> str:
    """From the root, whatever way it goes there."""
    return Path(normpath(path.absolute())).as_posix()
