"""The waivers of a user's repository: TOML, judged as a whole; and one more of them written behind the others."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.shape import SHAPE
from conformance.model.waiver import Waiver
from conformance.sources.bounded import data_of, toml

_HEAD = re.compile(r"\s*\[\[\s*waiver\s*\]\]")
_NEEDED = ("requirement", "owner", "expires")
_KEYS = ("requirement", "reason", "owner", "expires", "ticket", "shape")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def load(path: Path) -> tuple[Waiver, ...]:
    """The entries `[[waiver]]` of the file. Raises `UsageError` with everything that is wrong with it."""
    return parsed(_text(path), path)


def parsed(text: str, path: Path) -> tuple[Waiver, ...]:
    """The waivers that a text tells, which stands in the file or is to stand there. Raises `UsageError`."""
    try:
        record = toml(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the waivers {path} are not TOML: {error}") from None
    problems = [f"unknown key {key!r}; write [[waiver]]" for key in record if key != "waiver"]
    waivers = []
    entries = record.get("waiver", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"the waivers {path} have errors: write [[waiver]] above each")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEAD.match(line)]
    for number, entry in enumerate(entries):
        line = lines[number] if len(lines) == len(entries) else 0
        place = f"{path}:{line}" if line else f"waiver {number + 1}"
        found = list(_problems(entry))
        problems += [f"{place}: {problem}" for problem in found]
        if not found:
            waivers.append(_waiver(entry, path, line))
    if problems:
        raise UsageError(f"the waivers {path} have errors:\n  " + "\n  ".join(problems))
    return tuple(waivers)


def _text(path: Path) -> str:
    """The file as it is, line ends and all."""
    try:
        return data_of(path).decode("utf-8")
    except OSError as error:
        raise UsageError(f"the waivers {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"the waivers {path} cannot be read: they are not UTF-8") from None


def _problems(entry: dict[str, Any]) -> Iterator[str]:
    """What is wrong with an entry as such. That it gives no reason is for the run to find."""
    yield from (f"unknown key {key!r}" for key in entry if key not in _KEYS)
    yield from (f"{key} is missing" for key in _NEEDED if not str(entry.get(key, "")).strip())
    yield from (
        f"{key} must be a string"
        for key in _KEYS
        if key not in ("expires", "shape") and not isinstance(entry.get(key, ""), str)
    )
    if str(entry.get("expires", "")).strip() and _day(entry["expires"]) is None:
        yield "expires must be an ISO date, such as 2027-01-31"
    shape = entry.get("shape", [])
    listed = [shape] if isinstance(shape, str) else shape
    if not (isinstance(listed, list) and all(isinstance(one, str) and SHAPE.match(one) for one in listed)):
        yield "shape must be a shape as a report has it, such as '3f2a0c4be1d97856', or a list of them"


def _day(value: Any) -> str | None:
    """The day in the form in which days can be compared."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    text = str(value).strip()
    try:
        return date.fromisoformat(text).isoformat() if _DAY.match(text) else None
    except ValueError:
        return None


def _waiver(entry: dict[str, Any], path: Path, line: int) -> Waiver:
    shape = entry.get("shape", ())
    return Waiver(
        requirement=entry["requirement"].strip(),
        reason=" ".join(entry.get("reason", "").split()),
        owner=" ".join(entry["owner"].split()),
        expires=str(_day(entry["expires"])),
        ticket=" ".join(entry.get("ticket", "").split()),
        shape=(shape,) if isinstance(shape, str) else tuple(shape),
        file=str(path),
        line=line,
    )


def appended(path: Path, waiver: Waiver) -> str:
    """The text of the file with one more entry at its end; nothing that stands in it is touched. Raises `UsageError`
    where the file is none of waivers, or takes none behind what it has."""
    text = _text(path) if path.exists() else ""
    parsed(text, path)
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    whole = text + gap + end.join(_lines(waiver)) + end
    try:
        parsed(whole, path)
    except UsageError:
        raise UsageError(f"no entry can be put behind those of {path}: write each under [[waiver]]") from None
    return whole


def _lines(waiver: Waiver) -> Iterator[str]:
    yield "[[waiver]]"
    for key in ("requirement", "reason", "owner"):
        yield f"{key} = {_quoted(getattr(waiver, key))}"
    yield f"expires = {waiver.expires}"
    if waiver.ticket:
        yield f"ticket = {_quoted(waiver.ticket)}"
    if len(waiver.shape) == 1:
        yield f"shape = {_quoted(waiver.shape[0])}"
    else:
        yield "shape = ["
        yield from (f"    {_quoted(one)}," for one in waiver.shape)
        yield "]"


def _quoted(text: str) -> str:
    """A TOML string: as JSON's, but for one character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
