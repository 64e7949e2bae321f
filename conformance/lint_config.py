"""The configuration of `lint`: the table `lint` of `conformance.toml`, `[tool.conformance.lint]` of `pyproject.toml`.

Its keys are the options of that command alone, and `select` and `ignore`, which win over those of the table above.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.model.ignoring import Ignoring

_WORDS: Mapping[str, str] = {
    "select": "a string or a list of strings",
    "ignore": "a string or a list of strings",
    "per-file-ignores": 'a table from globs to codes, such as { "db/0001_*" = ["A001"] }',
    "postgres": "a number, such as 16",
    "assume-transaction": "true or false",
    "rows": "a table from names of tables to numbers, such as { tasks = 5_000_000 }",
}


def problem(key: str, value: Any) -> str:
    """What is wrong with a key and its value; "" where nothing is."""
    if key not in _WORDS:
        return f"unknown key {key!r} of lint; allowed are {', '.join(_WORDS)}"
    right = {
        "per-file-ignores": isinstance(value, dict) and all(_listed(item) for item in value.values()),
        "postgres": isinstance(value, int) and not isinstance(value, bool),
        "assume-transaction": isinstance(value, bool),
        "rows": isinstance(value, dict) and all(type(item) is int and item >= 0 for item in value.values()),
    }.get(key, _listed(value))
    return "" if right else f"{key} must be {_WORDS[key]}, not {value!r}"


def values(folder: Path, section: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a section in which nothing is wrong, as `lint` takes them; paths are relative to the folder."""
    found: dict[str, Any] = {key: _tuple(section[key]) for key in ("select", "ignore") if key in section}
    if "per-file-ignores" in section:
        found["ignoring"] = tuple(
            Ignoring(glob=glob, codes=tuple(c.strip() for one in _tuple(codes) for c in one.split(",")), folder=folder)
            for glob, codes in section["per-file-ignores"].items()
        )
    names = {"postgres": "postgres", "assume-transaction": "assume_transaction", "rows": "rows"}
    return found | {name: section[key] for key, name in names.items() if key in section}


def _listed(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
