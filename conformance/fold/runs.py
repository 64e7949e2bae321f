"""Which numbers behind a name are taken without a gap, so that the first free one is found without trying them all."""

from __future__ import annotations

import re

from conformance.fold.book import Book

_NUMBERED = re.compile(r"(.*[^0-9])([1-9][0-9]*)", re.DOTALL)


class Runs:
    """The last number of each run from 1 on; a change gives other runs, and leaves these as they are."""

    __slots__ = ("_last",)

    def __init__(self, last: Book[tuple[str, str], int] | None = None) -> None:
        self._last = Book() if last is None else last

    def put(self, schema: str, name: str) -> Runs:
        """The runs once this name is taken."""
        base, number = _apart(name)
        if number and number == self._last.get((schema, base), 0) + 1:
            return Runs(self._last.put((schema, base), number))
        return self

    def without(self, schema: str, name: str) -> Runs:
        """The runs once this name is free."""
        base, number = _apart(name)
        if number and number <= self._last.get((schema, base), 0):
            return Runs(self._last.put((schema, base), number - 1))
        return self

    def first(self, schema: str, base: str) -> int:
        """The number behind the name in front of which all are taken."""
        return self._last.get((schema, base), 0) + 1


def _apart(name: str) -> tuple[str, int]:
    match = _NUMBERED.fullmatch(name)
    return (match[1], int(match[2])) if match and len(match[2]) < 10 else (name, 0)
