"""The user's configuration: `conformance.toml`, or `[tool.conformance]` in `pyproject.toml`.

The file in the current folder counts, or else the nearest one above it. Its keys are the long options of
`conformance check`; what is given on the command line wins. Paths are relative to the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance.errors import UsageError

_SECTION = "[tool.conformance"
_LINT = "lint"
"""The table of what `lint` alone knows; it has a reader of its own."""

_TYPES: Mapping[str, type] = {
    "profile": str,
    "through": str,
    "strict": bool,
    "select": list,
    "ignore": list,
    "schema": str,
    "contract": list,
    "waivers": str,
    "sandbox": str,
    "image": str,
}
_WORDS: Mapping[type, str] = {str: "a string", bool: "true or false", list: "a string or a list of strings"}


def settings(start: Path | None = None) -> Mapping[str, Any]:
    """What the configuration that is in force in `start` says, as values for `conformance.run.Options`.

    Raises `UsageError` with everything that is wrong with the file.
    """
    path, section = _found(start)
    return {key: _value(path.parent, key, value) for key, value in section.items() if key != _LINT}


def lint_settings(start: Path | None = None) -> Mapping[str, Any]:
    """What it says of `lint` alone, as values for `conformance.linting.lint`. Raises `UsageError` likewise."""
    from conformance.lint_config import values

    path, section = _found(start)
    return values(path.parent, section.get(_LINT, {}))


def _found(start: Path | None) -> tuple[Path, Mapping[str, Any]]:
    """The file in force and what it says, in which nothing is wrong; nothing, where there is none."""
    for folder in _upwards(start):
        if (path := folder / "conformance.toml").is_file():
            return path, _judged(path, _parsed(path, text := _text(path)), text, "")
        if (path := folder / "pyproject.toml").is_file() and _SECTION in (text := _text(path)):
            section = _parsed(path, text).get("tool", {}).get("conformance")
            if section is not None:
                return path, _judged(path, section, text, "tool.conformance")
    return Path(), {}


def _upwards(start: Path | None) -> Iterator[Path]:
    try:
        folder = start or Path.cwd()
    except FileNotFoundError:  # the current folder was deleted
        return
    yield folder
    yield from folder.parents


def _text(path: Path) -> str:
    from conformance.sources.bounded import data_of

    try:
        return data_of(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib

    from conformance.sources.bounded import toml

    try:
        return toml(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None


def _judged(path: Path, section: Any, text: str, name: str) -> Mapping[str, Any]:
    if not isinstance(section, dict):
        raise UsageError(f"{path}: {name} must be a table, not {section!r}")
    problems = dict(_problems(section, name))
    if problems:
        from conformance.sources.toml_lines import Lines

        lines = Lines(text)
        told = [f"{path}:{lines.of(*place)}: {problem}" for place, problem in problems.items()]
        raise UsageError("\n  ".join([f"{path} has errors:", *told]) if told[1:] else told[0])
    return section


def _problems(section: Mapping[str, Any], name: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What is wrong, each with the section and the key where it stands."""
    for key, value in section.items():
        if key != _LINT and (found := _problem(key, value)):
            yield (name, key), found
    of_lint = section.get(_LINT, {})
    inside = f"{name}.{_LINT}".removeprefix(".")
    if not isinstance(of_lint, dict):
        yield (name, _LINT), f"{_LINT} must be a table, not {of_lint!r}"
    elif of_lint:
        from conformance.lint_config import problem

        for key, value in of_lint.items():
            if found := problem(key, value):
                yield ((f"{inside}.{key}", "") if isinstance(value, dict) else (inside, key)), found


def _problem(key: str, value: Any) -> str:
    wanted = _TYPES.get(key)
    if wanted is None:
        return f"unknown key {key!r}; allowed are {', '.join((*_TYPES, _LINT))}"
    if wanted is list and isinstance(value, str):
        return ""
    if isinstance(value, list) and wanted is list and all(isinstance(item, str) for item in value):
        return ""
    if isinstance(value, wanted) and wanted is not list:
        return ""
    return f"{key} must be {_WORDS[wanted]}, not {value!r}"


def _value(folder: Path, key: str, value: Any) -> Any:
    if _TYPES[key] is list:
        items = [value] if isinstance(value, str) else value
        return tuple(folder / item for item in items) if key == "contract" else tuple(items)
    return folder / value if key == "waivers" else value
