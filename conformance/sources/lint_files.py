"""Files of migrations as the lints see them: each with its statements that go up, and their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from conformance.deeds.reading import statement
from conformance.errors import UsageError
from conformance.model.lint import Script
from conformance.sources.sql_statements import pieces

_NUMBER = re.compile(r"[Vv]?(\d+)")
_DOWN = re.compile(r"(\.down\.sql|^U\d.*\.sql)\Z", re.IGNORECASE)
_MARK = re.compile(
    r"^[ \t]*--[ \t]*(?:migrate:(?P<dbmate>up|down)(?P<options>[^\n]*)"
    r"|\+goose[ \t]+(?P<goose>up|down|no[ \t]+transaction)[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)


def scripts(paths: Sequence[Path]) -> tuple[Script, ...]:
    """The files, and those of the folders, in the order in which they run. Raises `UsageError`."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += [file for file in path.iterdir() if file.suffix == ".sql" and not _DOWN.search(file.name)]
        elif path.is_file():
            files.append(path)
        else:
            raise UsageError(f"{path} is neither a file nor a folder")
    if not files:
        raise UsageError(f"{', '.join(map(str, paths))}: no file of SQL (*.sql)")
    return tuple(script(str(file), _text(file)) for file in sorted(files, key=_order))


def _order(file: Path) -> tuple[str, bool, int, str]:
    number = _NUMBER.match(file.name)
    return str(file.parent), number is None, int(number[1]) if number else 0, file.name


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8: byte {error.start} is {error.object[error.start]:#04x}") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def script(file: str, text: str) -> Script:
    """The text of one file."""
    goes_up, whole = _up(text)
    number = _NUMBER.match(Path(file).name)
    return Script(
        file=file,
        text=text,
        statements=tuple(statement(p.text, p.offset, p.fault) for p in pieces(goes_up) if not p.bare or p.fault),
        number=int(number[1]) if number else None,
        whole=whole,
    )


def _up(text: str) -> tuple[str, bool]:
    """The text with blanks in place of what goes down, and whether dbmate or goose runs it in a transaction."""
    marks = list(_MARK.finditer(text))
    if not marks:
        return text, False
    parts, way, at, whole = [], "", 0, True
    for mark in marks:
        parts.append(text[at : mark.start()] if way != "down" else _blank(text[at : mark.start()]))
        way = (mark["dbmate"] or mark["goose"] or way).lower()
        whole = whole and way not in ("no transaction",) and "transaction:false" not in (mark["options"] or "")
        at = mark.start()
    parts.append(_blank(text[at:]) if way == "down" else text[at:])
    return "".join(parts), whole


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
