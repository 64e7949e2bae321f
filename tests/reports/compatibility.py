"""`reports/compatibility.md`: what this tool makes of forms, servers and the like, as the tests saw it.

Each module of `tests/reports/sections` is one section: `TITLE`, and `text(fixture)`, the Markdown below it. `fixture`
gives a fixture of the tests by its name, so that a section is of the servers that the tests have, and is left as it is
where they cannot be had. `CONFORMANCE_UPDATE_GOLDEN=1 pytest tests/reports/test_compatibility.py` writes it anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

TESTS = Path(__file__).parent.parent
REPORT = TESTS.parent / "reports" / "compatibility.md"
HEAD = """\
# Compatibility

Written by the tests, as they saw it (`tests/reports/compatibility.py`).
"""


class Section(Protocol):
    """What a module of `sections` offers."""

    TITLE: str

    def text(self, fixture: Callable[[str], Any]) -> str: ...


def sections() -> Mapping[str, Section]:
    """The modules in the order of their names."""
    for folder in (TESTS / "reports" / "sections", *(path for path in sorted(TESTS.iterdir()) if path.is_dir())):
        if str(folder) not in sys.path:  # as pytest itself does for the folders that it collects tests of
            sys.path.append(str(folder))
    names = sorted(path.stem for path in (TESTS / "reports" / "sections").glob("*.py"))
    return {name: cast("Section", import_module(name)) for name in names}


def published() -> Mapping[str, str]:
    """What the report holds below each title."""
    _, *parts = re.split(r"^## (.+)\n\n", REPORT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {title: text.rstrip("\n") + "\n" for title, text in zip(parts[::2], parts[1::2], strict=True)}


def write(title: str, text: str) -> None:
    """Put one section into the report, and leave the others as they are."""
    known = {**published(), title: text}
    titles = [section.TITLE for section in sections().values()]
    REPORT.write_text(
        "\n".join([HEAD, *(f"## {one}\n\n{known[one]}" for one in titles if one in known)]), encoding="utf-8"
    )


def cell(text: str) -> str:
    """Text as code in a cell of a table; what cannot be seen as an escape."""
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
    return f"`{shown}`".replace("|", "\\|") if shown else ""


def table(heads: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """A table of Markdown."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
