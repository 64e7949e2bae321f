"""The waivers of a user's repository: TOML, judged as a whole."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.waiver import Waiver

_HEAD = re.compile(r"\s*\[\[\s*waiver\s*\]\]")
_KEYS = ("requirement", "reason", "owner", "expires")


def load(path: Path) -> tuple[Waiver, ...]:
    """The entries `[[waiver]]` of the file. Raises `UsageError` with everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        record = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"the waivers {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"the waivers {path} cannot be read: they are not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the waivers {path} are not TOML: {error}") from None
    problems = [f"unknown key {key!r}; write [[waiver]]" for key in record if key != "waiver"]
    waivers = []
    entries = record.get("waiver", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"the waivers {path} have errors: write [[waiver]] above each")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEAD.match(line)]
    for number, entry in enumerate(entries):
        place = f"{path}:{lines[number]}" if len(lines) == len(entries) else f"waiver {number + 1}"
        found = _problems(entry)
        problems += [f"{place}: {problem}" for problem in found]
        if not found:
            waivers.append(Waiver(**{**entry, "expires": str(entry["expires"])}))
    if problems:
        raise UsageError(f"the waivers {path} have errors:\n  " + "\n  ".join(problems))
    return tuple(waivers)


def _problems(entry: dict[str, Any]) -> list[str]:
    problems = [f"unknown key {key!r}" for key in entry if key not in _KEYS]
    problems += [f"{key} is missing" for key in _KEYS if not str(entry.get(key, "")).strip()]
    try:
        date.fromisoformat(str(entry.get("expires", "")).strip() or "2000-01-01")  # that it is missing was said
    except ValueError:
        problems.append("expires must be an ISO date, such as 2027-01-31")
    return problems
