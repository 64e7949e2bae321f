"""What departed in an earlier run, kept as SQL: a file a claim, to be pasted into psql. It is tried first in the next
runs, and forgotten when it went as documented in three of them.

What is tried again is made anew from the choices that the first line holds, and never read from the SQL below: a file
that somebody else has put there runs nothing of theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from conformance.model.experiment import Choice, Item

_PASSES = 3
_HEAD = "-- conformance prove: "
_WORDS = "-- it departed, and is tried first until it went as documented in three runs"


class Kept:
    """What is kept of one claim; nothing where there is no folder, or none that can be written."""

    def __init__(self, examples: Path | None, about: str) -> None:
        folder = None if examples is None else examples.parent / "regressions"
        self._file = folder and folder / f"{re.sub(r'[^A-Za-z0-9.+-]', '_', about)}.sql"
        self._about = about
        self._passes = 0
        self._script = ""
        self.choices: Sequence[Any] = ()
        self._read()

    def _read(self) -> None:
        if self._file is None:
            return
        with suppress(OSError, ValueError, LookupError, TypeError, RecursionError):
            first, _, rest = self._file.read_text(encoding="utf-8").partition("\n")
            head = json.loads(first.removeprefix(_HEAD))
            if head["claim"] == self._about and isinstance(head["choices"], list):
                self.choices, self._passes = head["choices"], int(head["passes"])
                self._script = rest.partition("\n")[2].rstrip("\n")

    def departed(self, script: str, choices: Sequence[Any]) -> None:
        """It departs, as this script shows: it is kept."""
        self.choices, self._passes, self._script = choices, 0, script
        self._write()

    def passed(self) -> None:
        """It went as documented."""
        if self._file is None or not self._script:
            return
        self._passes += 1
        if self._passes < _PASSES:
            self._write()
            return
        with suppress(OSError):
            self._file.unlink()

    def _write(self) -> None:
        if self._file is None:
            return
        head = json.dumps({"claim": self._about, "passes": self._passes, "choices": self.choices})
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(f"{_HEAD}{head}\n{_WORDS}\n{self._script}\n", encoding="utf-8")


class Recorded:
    """A choice, written down."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self.made: list[int | str] = []

    def pick(self, options: list[Item]) -> Item:
        """One of the options, by its place."""
        chosen = self._choice.pick(options)
        self.made.append(next(place for place, one in enumerate(options) if one is chosen or one == chosen))
        return chosen

    def text(self) -> str:
        """A text, as it is."""
        self.made.append(text := self._choice.text())
        return text


class Again:
    """The same choices; where they do not fit any more, the smallest."""

    def __init__(self, made: Sequence[Any]) -> None:
        self._made = list(made)

    def pick(self, options: list[Item]) -> Item:
        """The option in the same place."""
        place = self._next()
        return options[place] if isinstance(place, int) and 0 <= place < len(options) else options[0]

    def text(self) -> str:
        """The same text."""
        text = self._next()
        return text.replace("\0", "") if isinstance(text, str) else "x"

    def _next(self) -> Any:
        return self._made.pop(0) if self._made else None
