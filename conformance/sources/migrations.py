"""Migrations as text: the files of a folder in the order in which they are applied, and the statements in them.

| files | what is read |
| --- | --- |
| `0013_name.sql`, `0013_name.up.sql` | the whole file; `.down.sql` is passed over |
| `V13__name.sql`, `V1.2__name.sql`, `R__name.sql` | the whole file; repeatable ones last, `U13__…` is passed over |
| with `-- migrate:up` and `-- migrate:down`, or `-- +goose Up` and `-- +goose Down` | what stands below the first |
| any one file, such as `pg_dump --schema-only` writes | the whole file, with its harmless commands of psql left out |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import normpath
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.contract import LAST_MIGRATION
from conformance.model.record import Record
from conformance.model.written import Written
from conformance.sources.migration_files import MARK, PATTERN
from conformance.sources.sql_statements import Piece, first_pieces, pieces, pieces_from

LARGEST_MB = 100
MOST_STATEMENTS = 50_000
"""Of a file; what is generated to do harm would take minutes and gigabytes."""
_FLYWAY = re.compile(r"(?P<kind>[VUR])(?P<number>\d+(?:[._]\d+)*)?__.*\.sql", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(PATTERN, re.DOTALL)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_COMMAND = (
    r"\\(?:(?:restrict|unrestrict|echo|qecho|warn|timing|pset|set ON_ERROR_STOP|x)\b[^\n\\`]*"
    r"|encoding[ \t]+'?(?i:utf-?8|unicode)'?[ \t\r]*)(?![^\n])"
)
"""A backslash or a backquote on such a line would be another command."""
_OF_PSQL = re.compile(rf"{_COMMAND}(?:\n[ \t]*{_COMMAND})*+")
_BEFORE = re.compile(r"(?:[ \t\n\r\f\v]++|--[^\n\r]*+)*+")
_DATA_END = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)
_COPY = "COPY … FROM stdin"
_READ_AGAIN = 100_000
"""How many characters more than twice a text are read at the most, where many commands stand in one statement."""
_INDENT = re.compile(r"[ \t]*")
_MAY_COPY = re.compile(r"\bstdin\b", re.IGNORECASE)
_REPEATABLE = 10**18
_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ASTRA = 9999
"""Up to which number the files of a folder may be counted as the documentation counts them."""


class Text(Record):
    """A file of SQL; `number` is what its name begins with, where that is one."""

    name: str
    text: str
    number: int | None = None


class Reading(Record):
    """What was read, and what of a folder was passed over, in words."""

    files: tuple[Text, ...]
    passed_over: tuple[str, ...] = ()


def read(paths: Iterable[Path], through: str, unsaved: Mapping[Path, str] = {}) -> Reading:
    """The files at these paths. Of a folder, those after `through` are left out, but for what follows the last that is
    documented, which is an implementation's own. `unsaved` are texts that stand in place of what is in the files at
    their paths. A file that is named twice, as by its folder too, is read once. Raises `UsageError`."""
    files: list[Text] = []
    passed_over: list[str] = []
    for path in paths:
        if path.is_dir():
            found, left = _folder(path, through, unsaved)
            files += found
            passed_over += left
        elif path in unsaved or path.is_file():
            files.append(Text(name=str(path), text=_text(path, unsaved)))
        else:
            raise UsageError(f"{path} is not there" if not path.exists() else f"{path} is neither a file nor a folder")
    return Reading(files=tuple(_once(files)), passed_over=tuple(passed_over))


def _once(files: Sequence[Text]) -> Iterator[Text]:
    """Each file once: where its folder was read, as it stands among the others there."""
    backwards = [(normpath(Path(file.name).absolute()), file) for file in reversed(files)]
    kept = dict(backwards) | {path: file for path, file in backwards if file.number is not None}
    yield from (file for path, file in reversed(backwards) if kept[path] is file)


def _folder(folder: Path, through: str, unsaved: Mapping[Path, str]) -> tuple[list[Text], list[str]]:
    try:
        there = {file.name for file in folder.iterdir() if file.suffix.lower() == ".sql" and not file.is_dir()}
        names = sorted(there | {file.name for file in unsaved if file.parent == folder})
        within = sorted(inner.name for inner in folder.iterdir() if inner.is_dir() and any(inner.rglob("*.sql")))
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}") from None
    if not names:
        raise UsageError(f"{folder} has no file named *.sql")
    keys: dict[str, tuple[tuple[int, ...], str]] = {}
    left = [f"{folder / name} was not read: of a folder only the files that lie in it are" for name in within]
    after: list[str] = []
    for name in names:
        key, why = _key(name)
        if key is None:
            left += [f"{folder / name} was not read: {why}"] if why else []
        elif _is_after(key, through) and folder / name not in unsaved:
            after.append(name)
        else:
            keys[name] = (key, name)
    _judge_numbers(folder, keys)
    if after:
        left.append(f"{len(after)} files of {folder} after {through} were not read, from {after[0]} on")
    if not keys:
        raise UsageError(f"{folder} has no file named NNNN_name.sql or Vn__name.sql up to {through}")
    ordered = sorted(keys, key=keys.__getitem__)
    return [
        Text(name=str(folder / name), text=_text(folder / name, unsaved), number=keys[name][0][0]) for name in ordered
    ], left


def _is_after(key: tuple[int, ...], through: str) -> bool:
    return through != LAST_MIGRATION and len(key) == 1 and int(through) < key[0] <= _ASTRA


def number_of(name: str) -> tuple[int, ...] | None:
    """The number with which a file's name begins; None for one that runs whenever it changes, or undoes another."""
    key, _ = _key(name)
    return key if key and key[0] < _REPEATABLE else None


def _key(name: str) -> tuple[tuple[int, ...] | None, str]:
    """What a file is sorted by; or None, and why it is passed over where that has to be said."""
    if match := _FLYWAY.fullmatch(name):
        kind = match["kind"].upper()
        if kind == "V" and match["number"]:
            parts = [int(part) for part in re.split(r"[._]", match["number"])]
            while len(parts) > 1 and parts[-1] == 0:  # for Flyway 1.0 is 1
                parts.pop()
            return tuple(parts), ""
        if kind == "R":
            return (_REPEATABLE,), ""
        return None, "" if kind == "U" else "its name has no number"
    if match := _NUMBERED.fullmatch(name):
        return (None, "") if match["way"] == "down" else ((int(match["number"]),), "")
    return None, "its name does not begin with a number, so that its place is not known"


def _judge_numbers(folder: Path, keys: dict[str, tuple[tuple[int, ...], str]]) -> None:
    seen: dict[tuple[int, ...], str] = {}
    for name, (key, _) in keys.items():
        if key[0] < _REPEATABLE and key in seen:
            raise UsageError(f"{folder}: {seen[key]} and {name} have the same number")
        seen[key] = name


def _text(file: Path, unsaved: Mapping[Path, str]) -> str:
    if file in unsaved:
        return unsaved[file]
    try:
        if file.exists() and not file.is_file():
            raise UsageError(f"{file} is neither a file nor a folder")
        if file.stat().st_size > LARGEST_MB * 1_000_000:
            raise UsageError(f"{file} is larger than {LARGEST_MB} MB")
        return decoded(file, file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def decoded(file: Path, content: bytes) -> str:
    """The text of a file. Raises `UsageError` for what is none."""
    try:
        found = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wide = ", as in UTF-16; save it as UTF-8" if content.startswith(_OF_UTF_16) else ""
        found = f"byte {error.start} is {error.object[error.start]:#04x}"
        raise UsageError(f"{file} is not UTF-8: {found}{wide}") from None
    if "\0" in found:
        raise UsageError(f"{file} is no text: character {found.index(chr(0))} is 0")
    return found


def statements(file: Text) -> Iterator[Written]:
    """The statements of a file, those that undo it left out. What is no SQL comes with its fault."""
    for piece in taken_apart(upward(file)):
        if not piece.bare or piece.fault:
            line = piece.fault_line if piece.fault else piece.line
            yield Written(file=file.name, line=line + 1, text=piece.text, fault=piece.fault)


def upward(file: Text) -> str:
    """The text with what stands below a mark that goes down blanked out, so that the places of the rest stay."""
    text = file.text
    if not marked(text):
        return text
    _judge_before_marks(file)
    lines, down = [], False
    for line in _LINE.findall(text):
        match = MARK.match(line.rstrip("\n"))
        way = (match["goose"] or match["dbmate"] or "").lower() if match else ""
        if way in ("up", "down"):
            down = way == "down"
        lines.append(_blank(line) if down else line)
    return "".join(lines)


def marked(text: str) -> bool:
    """Whether a mark of dbmate or goose may stand in a text."""
    lowered = text.lower()
    return "+goose" in lowered or "migrate:" in lowered


def _judge_before_marks(file: Text) -> None:
    """Raises `UsageError` for statements above the first mark, which the tools never run."""
    before: list[str] = []
    for line in _LINE.findall(file.text):
        match = MARK.match(line.rstrip("\n"))
        if match and (match["goose"] or match["dbmate"] or "").lower() in ("up", "down"):
            found = next((piece for piece in pieces("".join(before)) if not piece.bare), None)
            if found is not None:
                told = "this stands before the first mark, and would never run"
                raise UsageError(f"{file.name}:{found.line + 1}: {told}")
            return
        before.append(line)


def taken_apart(text: str) -> tuple[Piece, ...]:
    """The pieces of a text, once what belongs to psql and changes nothing is blanked out."""
    if "\\" not in text and not _MAY_COPY.search(text):
        return first_pieces(text, MOST_STATEMENTS)
    skips: dict[int, int] = {}
    at, left = 0, 2 * len(text) + _READ_AGAIN
    while left > 0 and (cut := _next_cut(text, at, skips)) is not None:
        before, (at, start, end, read) = at, cut
        skips[start] = end
        left -= read - before
    parts, at = [], 0
    for start, end in sorted(skips.items()):
        if start >= at:  # what lies in the rows of a COPY is no command
            parts += [text[at:start], _blank(text[start:end])]
            at = end
    return first_pieces("".join([*parts, text[at:]]), MOST_STATEMENTS)


def _blank(text: str) -> str:
    """As long a text with nothing in it, whose lines end where they did."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _next_cut(text: str, at: int, skips: Mapping[int, int]) -> tuple[int, int, int, int] | None:
    """The next place, from `at` on, that belongs to psql: where to go on, from where to where it is cut, and how far
    the text was read for it."""
    if command := _OF_PSQL.match(text, _first(text, at)):
        return command.end(), command.start(), command.end(), command.end()
    for piece in pieces_from(text, at, skips):
        if piece.fault and (cut := _psql(text, at, piece)):
            onward = cut[1] if piece.fault.startswith(_COPY) else piece.offset
            return onward, *cut, piece.offset + len(piece.text)
    return None


def _first(text: str, at: int) -> int:
    """Where something stands that is no blank and no comment of one line."""
    blank = _BEFORE.match(text, at)
    return blank.end() if blank else at


def _psql(text: str, at: int, piece: Piece) -> tuple[int, int] | None:
    """Where a command of psql stands that changes nothing, or the rows of a COPY."""
    if piece.fault.startswith(_COPY):
        behind = piece.offset + len(piece.text)
        start = text.find("\n", behind - 1)
        alone = start >= 0 and not text[behind:start].strip() and not piece.text[:-1].rstrip().endswith(";")
        end = _DATA_END.search(text, start) if alone else None
        first = piece.offset + len(piece.text) - len(piece.text.lstrip())
        return (first, end.end()) if end else None
    start = at
    for _ in range(piece.fault_line):
        start = text.find("\n", start) + 1
    match = _INDENT.match(text, start)
    first = match.end() if match else start
    command = _OF_PSQL.match(text, first)
    return (first, command.end()) if command else None
