"""A statement of SQL as it stands in a file."""

from __future__ import annotations

from conformance.model.record import Record


class Written(Record, often=True):
    """`line` counts from 1. `fault` says what is wrong with it as SQL, "" where nothing is."""

    file: str
    line: int
    text: str
    fault: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.file}:{self.line}"
