"""Files of migrations as the lints see them: each with its statements that go up, and what they do."""

from __future__ import annotations

from conformance.deeds.reading import statement
from conformance.model.lint import Script
from conformance.sources.migration_files import MARK
from conformance.sources.migrations import Text, marked, taken_apart, upward


def script(file: Text) -> Script:
    """One file. What goes down, and what psql alone understands and changes nothing, is blank in its text."""
    found = taken_apart(upward(file))
    return Script(
        file=file.name,
        text="".join(piece.text for piece in found),
        statements=tuple(statement(p.text, p.offset, p.fault) for p in found if not p.bare or p.fault),
        number=file.number,
        whole=_whole(file.text),
    )


def _whole(text: str) -> bool:
    """Whether the marks of dbmate or goose say that the tool runs the file in one transaction."""
    if not marked(text):
        return False
    marks = [match for line in text.split("\n") if (match := MARK.match(line))]
    options = " ".join(f"{match['goose'] or ''}{match['options'] or ''}".lower() for match in marks)
    return bool(marks) and "transaction:false" not in options and "no transaction" not in " ".join(options.split())
