"""Which migrations have changed since an earlier point of their repository, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from conformance.model.record import Record
from conformance.sources.git import Past, past, plain
from conformance.sources.migrations import Text, number_of


class Since(Record):
    """`ref` is the point asked for, `changed` are the names of the files that are not what they were, `released` is
    what some of them were released as, `gone` are the names of released ones that are no longer there, `remarks` what
    could not be told."""

    ref: str
    changed: frozenset[str]
    released: Mapping[str, Text]
    gone: tuple[str, ...]
    remarks: tuple[str, ...]


def since(files: Sequence[Text], folders: Iterable[Path], ref: str) -> Since:
    """The files compared with what they were at `ref`; in `folders` also what is no longer there. Raises
    `UsageError`."""
    whole = set(folders)
    changed: set[str] = set()
    released: dict[str, Text] = {}
    gone: list[str] = []
    remarks: list[str] = []
    for folder in dict.fromkeys(Path(file.name).parent for file in files):
        own = {Path(file.name).name: file for file in files if Path(file.name).parent == folder}
        now = {name: plain(file.text) for name, file in own.items()}
        seen = past(folder, ref)
        changed |= {own[name].name for name, text in now.items() if text != seen.left.get(name)}
        for name, text in _edited(now, seen):
            if name in own:
                released[own[name].name] = Text(name=own[name].name, text=text)
            elif folder not in whole or (folder / name).exists():
                continue
            elif other := _renamed(name, text, now, seen):
                released[own[other].name] = Text(name=str(folder / name), text=text)
            else:
                gone.append(str(folder / name))
        remarks += _behind(folder, ref, now, seen)
    return Since(
        ref=ref, changed=frozenset(changed), released=released, gone=tuple(sorted(gone)), remarks=tuple(remarks)
    )


def _edited(now: Mapping[str, str], seen: Past) -> Iterator[tuple[str, str]]:
    """What was released and is another text now, or none. What is as it was at the fork only `ref` has changed."""
    for name, text in seen.then.items():
        if number_of(name) is not None and now.get(name) not in (text, seen.left.get(name)):
            yield name, text


def _renamed(name: str, text: str, now: Mapping[str, str], seen: Past) -> str:
    """The file that has taken the place of one that is gone: a new one of the same text, or of the same number."""
    new = [other for other in now if other not in seen.then and other not in seen.left]
    same = [other for other in new if now[other] == text] or [o for o in new if number_of(o) == number_of(name)]
    return same[0] if same else ""


def _behind(folder: Path, ref: str, now: Mapping[str, str], seen: Past) -> Iterator[str]:
    if not seen.then:
        yield f"{ref} has no file in {folder}: what was released of it is not known"
    lacking = [n for n, text in seen.then.items() if number_of(n) and text != seen.left.get(n) == now.get(n)]
    if lacking:
        count = f"{len(lacking)} file" + "s" * (len(lacking) != 1)
        yield f"{ref} has gone on since the fork: {count} of {folder} not compared, from {min(lacking)} on"
