"""A folder of SQL migrations as a history: plain files, golang-migrate's pairs, dbmate's and goose's markers.

| files | what runs |
| --- | --- |
| `0013_name.sql` | the whole file |
| `0013_name.up.sql`, `0013_name.down.sql` | one file a direction |
| with `-- migrate:up` and `-- migrate:down` | what stands below each; `transaction:false` behind it is honoured |
| with `-- +goose Up` and `-- +goose Down` | the same; `StatementBegin` … `StatementEnd` is one statement |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from conformance.errors import UsageError
from conformance.model.history import Migration, Script, Statement
from conformance.sources.sql_statements import Piece, statements

PATTERN = r"(?P<number>\d+)[_.-]?(?P<name>.*?)(?:\.(?P<way>up|down))?\.sql"

MARK = re.compile(
    r"[ \t]*--[ \t]*(?:\+goose[ \t]+(?P<goose>up|down|statementbegin|statementend|no[ \t]+transaction)"
    r"|migrate:(?P<dbmate>up|down)(?P<options>[^\n]*))[ \t\r]*\Z",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ALONE = re.compile(
    r"(?:begin|start transaction|commit|end|rollback|abort|savepoint|release|prepare transaction|vacuum|alter system"
    r"|(?:create|drop) (?:database|tablespace))\b"
)


def read(folder: Path, pattern: str | None = None) -> tuple[Migration, ...]:
    """The migrations of a folder, in the order of their numbers. Raises `UsageError` where they cannot be told."""
    wanted = _compiled(pattern)
    if not folder.is_dir():
        what = "is a file; name its folder" if folder.exists() else "is no folder"
        raise UsageError(f"{folder} {what}")
    up: dict[int, tuple[str, str, Path]] = {}
    down: dict[int, Path] = {}
    for file in sorted(file for file in folder.iterdir() if file.is_file()):
        match = wanted.fullmatch(file.name)
        if match is None:
            continue
        groups = match.groupdict()
        number = groups["number"]
        if not (number or "").isdigit():
            raise UsageError(f"{file.name}: --pattern finds {number!r} where the number should be")
        if (groups.get("way") or "up").lower() == "down":
            _once(down, int(number), file)
            down[int(number)] = file
        else:
            _once({key: path for key, (*_, path) in up.items()}, int(number), file)
            up[int(number)] = number, groups.get("name") or file.stem, file
    if not up:
        raise UsageError(f"{folder} has no file named {wanted.pattern if pattern else 'NNNN_name.sql'}; see --pattern")
    if alone := sorted(set(down) - set(up)):
        raise UsageError(f"{down[alone[0]].name} has no up script beside it")
    return tuple(_migration(*up[number], down.get(number)) for number in sorted(up))


def going_up(folder: Path) -> tuple[Migration, ...]:
    """What goes up of the migrations of a folder, in the order of their numbers and names; several may share one."""
    named = [(re.fullmatch(PATTERN, file.name), file) for file in folder.iterdir() if file.is_file()]
    ups = [(match["number"], match["name"], file) for match, file in named if match and match["way"] != "down"]
    ups.sort(key=lambda up: (int(up[0]), up[2].name))
    return tuple(_migration(number, name or file.stem, file, None) for number, name, file in ups)


def passed_over(folder: Path, pattern: str | None = None) -> tuple[str, ...]:
    """The SQL files of the folder that are none of the migrations, by their names."""
    wanted = _compiled(pattern)
    names = sorted(file.name for file in folder.iterdir() if file.is_file() and file.suffix == ".sql")
    return tuple(name for name in names if wanted.fullmatch(name) is None)


def _compiled(pattern: str | None) -> re.Pattern[str]:
    try:
        found = re.compile(pattern or PATTERN)
    except re.error as error:
        raise UsageError(f"--pattern is no regular expression: {error}") from None
    if "number" not in found.groupindex:
        raise UsageError("--pattern needs a group of the number: (?P<number>[0-9]+)")
    return found


def _once(known: dict[int, Path], number: int, file: Path) -> None:
    if number in known:
        raise UsageError(f"{known[number].name} and {file.name} have the same number")


def _migration(number: str, name: str, file: Path, down_file: Path | None) -> Migration:
    up, down = _scripts(file)
    if down_file is not None:
        if down is not None:
            raise UsageError(f"{file.name} has a down script in it, and {down_file.name} stands beside it")
        down, _ = _scripts(down_file)
    return Migration(
        number=number,
        key=f"{int(number):04d}",
        name=name,
        file=file.name,
        up=up,
        down=down,
        down_file="" if down is None else (down_file or file).name,
    )


def _scripts(file: Path) -> tuple[Script, Script | None]:
    """What a file does, and what undoes it where that stands in the file too."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8: byte {error.start} is {error.object[error.start]:#04x}") from None
    except OSError as error:
        raise UsageError(f"{file.name} cannot be read: {error.strerror}") from None
    sections = _Sections(file.name)
    for number, line in enumerate(_LINE.findall(text) if _marked(text) else [], 1):
        sections.take(number, line)
    if not sections.used:
        return _script(statements(text, file.name), whole=True), None
    return sections.scripts()


def _marked(text: str) -> bool:
    return "+goose" in text or "migrate:" in text


def _script(found: tuple[Piece, ...], *, whole: bool) -> Script:
    made = tuple(_statement(piece) for piece in found)
    return Script(statements=made, whole=whole and not any(_stands_alone(one) for one in made))


def _statement(piece: Piece, first_line: int = 1) -> Statement:
    return Statement(text=piece.text, line=first_line + piece.line, words=piece.words)


def _stands_alone(statement: Statement) -> bool:
    """Whether the statement begins or ends transactions, or refuses to run in one."""
    words = statement.words
    return bool(_ALONE.match(" ".join(words[:2]))) or "concurrently" in words or statement.commits


class _Sections:
    """The marked parts of one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._way = ""
        self._lines: list[str] = []
        self._first = 1
        self._block = False
        self._whole = True
        self._found: dict[str, list[Statement]] = {}

    @property
    def used(self) -> bool:
        """Whether there was any mark."""
        return bool(self._found)

    def take(self, number: int, line: str) -> None:
        """One more line of the file."""
        match = MARK.match(line.rstrip("\n"))
        if match is None:
            self._lines.append(line)
            return
        word = re.sub(r"\s+", " ", (match["goose"] or match["dbmate"]).lower())
        if word == "no transaction" or "transaction:false" in (match["options"] or ""):
            self._whole = False
        if word == "no transaction":
            self._lines.append(line)
            return
        self._close(number)
        self._first = number + 1
        self._block = word == "statementbegin"
        if word in ("up", "down"):
            self._way = word
            self._found.setdefault(word, [])

    def scripts(self) -> tuple[Script, Script | None]:
        """The up script, and the down script if there is one."""
        self._close(self._first)
        if "up" not in self._found:
            raise UsageError(f"{self._file} has no part that goes up")
        up, down = (self._script(way) for way in ("up", "down"))
        return up, down if down.statements else None

    def _script(self, way: str) -> Script:
        made = tuple(self._found.get(way, ()))
        return Script(statements=made, whole=self._whole and not any(_stands_alone(one) for one in made))

    def _close(self, number: int) -> None:
        text, self._lines = "".join(self._lines), []
        found = list(self._statements(text))
        if found and not self._way:
            raise UsageError(f"{self._file}:{found[0].line}: this stands before the first mark, and would never run")
        if self._way:
            self._found.setdefault(self._way, []).extend(found)

    def _statements(self, text: str) -> Iterator[Statement]:
        found = statements(text, self._file, self._first)
        if self._block and found:
            yield Statement(text=text, line=self._first + found[0].line, words=found[0].words)
        elif not self._block:
            yield from (_statement(piece, self._first) for piece in found)
