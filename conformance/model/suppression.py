"""A comment in a migration that says why a lint is to be silent about the next statement, or the whole file.

`-- conformance: ignore A001 the table is empty` stands before the statement, or at the end of its last line;
`ignore-file` counts for all of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from conformance.model.deed import Span
from conformance.model.record import Record

_COMMENT = re.compile(
    r"--[ \t]*conformance:[ \t]*(?P<scope>ignore-file|ignore)\b[ \t]*(?P<codes>[A-Z]\d+(?:[ \t]*,[ \t]*[A-Z]\d+)*)?"
    r"[ \t:]*(?P<reason>[^\r\n]*)"
)
_ANY_COMMENT = re.compile(r"--[^\r\n]*|/\*")
_EDGE = re.compile(r"/\*|\*/")


class Suppression(Record):
    """One such comment; `span` is its place in the file. Without codes it suppresses nothing."""

    codes: tuple[str, ...]
    reason: str
    scope: Literal["ignore", "ignore-file"]
    span: Span


def standing(text: str, offset: int) -> Iterator[Suppression]:
    """The same of a text in which there are comments and blanks alone, without what is itself put in comments by
    `/*` and `*/`."""
    at = 0
    while found := _ANY_COMMENT.search(text, at):
        if found.group() == "/*":
            at = _end_of_block(text, found.start())
        else:
            yield from suppressions(found.group(), offset + found.start())
            at = found.end()


def _end_of_block(text: str, start: int) -> int:
    depth = 0
    for edge in _EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)


def suppressions(text: str, offset: int) -> Iterator[Suppression]:
    """Those in the comments of a text that begins at this offset of its file."""
    for match in _COMMENT.finditer(text):
        yield Suppression(
            codes=tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip()),
            reason=match["reason"].strip(),
            scope="ignore-file" if match["scope"] == "ignore-file" else "ignore",
            span=Span(start=offset + match.start(), end=offset + match.end()),
        )
