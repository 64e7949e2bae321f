"""Where sections and keys stand in a TOML text: the parser does not say."""

from __future__ import annotations

import re


class Lines:
    """The number of the line on which each section and each key begins."""

    _SECTION = re.compile(r"\s*\[\s*(?:\"([^\"]*)\"|'([^']*)'|([^\]\s]*))\s*\]")
    _KEY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+))\s*=")

    def __init__(self, text: str) -> None:
        self.found: dict[tuple[str, str], int] = {}
        section = ""
        for number, line in enumerate(text.split("\n"), 1):
            if match := self._SECTION.match(line):
                section = next(group for group in match.groups() if group is not None)
                self.found.setdefault((section, ""), number)
            elif match := self._KEY.match(line):
                key = next(group for group in match.groups() if group is not None)
                self.found.setdefault((section, key), number)

    def of(self, section: str, key: str = "") -> int:
        return self.found.get((section, key)) or self.found.get((section, "")) or self.found.get(("", section)) or 1
