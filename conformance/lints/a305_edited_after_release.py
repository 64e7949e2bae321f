"""A migration that was released is edited, renamed or removed.

In production: the databases that have run it stay as it made them, new ones become something else; a tool that keeps
checksums stops, one that knows files by their names runs a renamed one again.

Example: in 0015, which v1.4 shipped, a column is added to the CREATE TABLE.

Instead: what was released as it was, and a new file that does the rest.

Silent: without --since, which says what was released; where only comments, blanks or the case of words differ, or the
part that goes down; for repeatable migrations, and files whose names have no number.

Limits: a file that moved to another folder is not recognized.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import tokens
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place, Script, Statement

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    script, released = place.script, place.script.released
    if released is None or place.number or place.deed is not place.statement.deeds[0]:
        return
    if released.file != script.file:
        message = f"it was released as {released.file}: what knows files by their names runs it again"
        yield Hit(span=place.deed.span, message=message)
    found = _differing(script, released)
    if found is not None:
        first = found.deeds[0].span
        by = found.offset - place.statement.offset
        message = "here it is no longer what was released: databases that have run it stay as they are"
        yield Hit(span=Span(start=first.start + by, end=first.end + by), message=message)


def _differing(script: Script, released: Script) -> Statement | None:
    """The first statement that means something else than the one that was released; of a file that has become shorter
    the last."""
    for now, then in zip_longest(script.statements, released.statements):
        if now is None or then is None or meaning(now.text) != meaning(then.text):
            return now or script.statements[-1]
    return None


def meaning(text: str) -> object:
    """What the text says, whatever it looks like: its words, and those in the body of a DO block."""
    try:
        found = tokens(text)
        block = bool(found) and found[0].value == "do"
        return [
            meaning(token.value) if block and token.kind == "string" else (token.kind, token.value)
            for token in found
            if (token.kind, token.value) != ("op", ";")
        ]
    except NotUnderstood:
        return text.strip()
