"""What the files of a folder were at an earlier point of its git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.record import Record

_ASIDE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})
"""What git tells a hook of the repository that it runs in; ours is the one that the folder is in."""
_HINT = "a shallow clone lacks it: fetch it, or clone with the whole history (fetch-depth: 0)"


class Past(Record):
    """The texts of a folder's files by their names: as of the point asked for, and as of the commit where what is
    checked out left it, which is the same one unless both have gone on since."""

    then: Mapping[str, str]
    left: Mapping[str, str]


def past(folder: Path, ref: str) -> Past:
    """What the SQL files of the folder were at `ref`. Raises `UsageError`, in plain words, where nobody can tell."""
    if _git(folder, "rev-parse", "--is-inside-work-tree") is None:
        raise UsageError(f"--since asks git what has changed, and {folder} is in no repository of git")
    commit = None if ref.startswith("-") or not ref else _line(folder, "rev-parse", "--verify", f"{ref}^{{commit}}")
    if commit is None:
        raise UsageError(f"--since: the repository of {folder} has no commit, branch or tag {ref!r}; {_HINT}")
    base = _line(folder, "merge-base", commit, "HEAD")
    if base is None:
        raise UsageError(f"--since: {ref!r} and what is checked out have no commit in common; {_HINT}")
    then = _texts(folder, commit)
    return Past(then=then, left=then if base == commit else _texts(folder, base))


def _texts(folder: Path, commit: str) -> dict[str, str]:
    listed = _git(folder, "ls-tree", "-z", commit) or b""
    blobs: dict[str, str] = {}
    for entry in filter(None, listed.split(b"\0")):
        about, _, name = entry.partition(b"\t")
        mode, kind, sha = about.decode("ascii").split(" ")
        if kind == "blob" and mode != "120000" and name.lower().endswith(b".sql"):
            blobs[os.fsdecode(name)] = sha
    return dict(zip(blobs, _contents(folder, list(blobs.values())), strict=True))


def _contents(folder: Path, blobs: Sequence[str]) -> list[str]:
    """Each text, in one call for all of them."""
    told = _git(folder, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs)) if blobs else b""
    if told is None:
        raise UsageError(f"--since: git cannot read what the files of {folder} were")
    found, at = [], 0
    for _ in blobs:
        end = told.index(b"\n", at)
        if not (told[at:end].split()[-1]).isdigit():
            raise UsageError(f"--since: this clone has not all of what the files of {folder} were; {_HINT}")
        size = int(told[at:end].split()[-1])
        found.append(plain(told[end + 1 : end + 1 + size].decode("utf-8", "replace")))
        at = end + size + 2
    return found


def plain(text: str) -> str:
    """The text as it is compared: without a mark at its head, and with the line ends that git keeps."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _line(folder: Path, *arguments: str) -> str | None:
    told = _git(folder, *arguments)
    return told.decode("ascii").strip() if told is not None else None


def _git(folder: Path, *arguments: str, given: str = "") -> bytes | None:
    """What git says; None where it refuses."""
    environment = {key: value for key, value in os.environ.items() if key not in _ASIDE}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603  a list of words of ours; the one that a user chose is judged above
            command, input=given.encode(), capture_output=True, env=environment, check=False
        )
    except OSError:
        raise UsageError("--since asks git what has changed, and there is no git on the path") from None
    if b"dubious ownership" in done.stderr:
        raise UsageError(f"--since: git does not trust the repository of {folder}, which is another user's")
    return done.stdout if done.returncode == 0 else None
