"""What a place that a lint finds is known by in another run: the lint, the file by its path in its repository, and the
part of the statement that it is in, as it is spelled.

It stays the same when lines move, and when blanks and comments change; it does not for another statement, another file
of the same name, or another value in quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import tokens

if TYPE_CHECKING:
    from conformance.hazards import Found
    from conformance.model.lint import Script

_LONGEST = 100_000
"""Of how many characters a text is taken apart; of a longer one, which nobody wrote, comments count."""
_ROOTS = (".git", ".hg", ".svn")


def fingerprints(found: Sequence[Found]) -> Iterator[str]:
    """One for each; of places that nothing tells from one another the first, the second and so on."""
    known: dict[tuple[str, int, int], str] = {}
    paths: dict[str, str] = {}
    seen: dict[tuple[str, ...], int] = {}

    def said(script: Script, start: int, end: int) -> str:
        place = (script.file, start, end)
        if place not in known:
            known[place] = spelled(script.text[start:end])
        return known[place]

    for one in found:
        file = one.script.file
        if file not in paths:
            paths[file] = path_of(file)
        part, own = said(one.script, one.part.start, one.part.end), said(one.script, one.start, one.end)
        told = (one.code, paths[file], one.subject, part, own, one.hit.message)
        seen[told] = seen.get(told, 0) + 1
        shape = "\n".join((*told, str(seen[told]))).encode("utf-8", "backslashreplace")
        yield sha256(shape).hexdigest()[:16]


def spelled(text: str) -> str:
    """A hash of the text without its blanks and comments; of a comment, with all that is in it."""
    try:
        said = [f"{token.kind} {token.value!r}" for token in tokens(text)] if len(text) <= _LONGEST else []
    except NotUnderstood:
        said = []
    return sha256("\n".join(said or text.split()).encode("utf-8", "backslashreplace")).hexdigest()


def path_of(file: str) -> str:
    """The path in the repository that the file is in, wherever that is; without one, from the working directory,
    or from the root for what lies elsewhere."""
    path = Path(normpath(Path(file).absolute()))
    root = _root(path.parent)
    return (path.relative_to(root) if root is not None else path).as_posix()


@cache
def _root(folder: Path) -> Path | None:
    for one in (folder, *folder.parents):
        if any((one / name).exists() for name in _ROOTS):
            return one
    here = Path.cwd()
    return here if folder.is_relative_to(here) else None
