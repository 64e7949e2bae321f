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
    r"[ \t:]*(?P<reason>[^\n]*)"
)


class Suppression(Record):
    """One such comment; `span` is its place in the file. Without codes it suppresses nothing."""

    codes: tuple[str, ...]
    reason: str
    scope: Literal["ignore", "ignore-file"]
    span: Span


def suppressions(text: str, offset: int) -> Iterator[Suppression]:
    """Those in the comments of a text that begins at this offset of its file."""
    for match in _COMMENT.finditer(text):
        yield Suppression(
            codes=tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip()),
            reason=match["reason"].strip(),
            scope="ignore-file" if match["scope"] == "ignore-file" else "ignore",
            span=Span(start=offset + match.start(), end=offset + match.end()),
        )
