"""What every renderer shares: how text that a stranger chose is shown, and how lines are broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.record import Record


class Look(Record):
    """What a person sees a report through. Formats for machines ignore it."""

    colour: bool = False
    width: int = 80
    quiet: bool = False


PLAIN = Look()


def inert(text: str) -> str:
    """`text` with every character that a terminal would obey or hide written as a visible escape.

    That is everything that is not printable: controls, bidi marks, zero-width and odd blanks, lone surrogates, what
    Unicode has not assigned. Names in a database are chosen by whoever made them.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def inert_lines(text: str) -> Iterator[str]:
    """The same for a text of several lines, whose line feeds are meant."""
    return (inert(line) for line in text.split("\n"))


def muted(text: str) -> str:
    """A whole report without anything that a CI runner would take for a command to itself: a line that begins with
    `::`, or `##[` anywhere. What people see on a terminal is the log of a run there."""
    return _COMMAND.sub(r"\1\\x3a:", text).replace("##[", r"\x23#[")


_COMMAND = re.compile(r"(?m)^([ \t]*)::")


def wrapped(text: str, width: int) -> list[str]:
    """`text` broken at blanks into lines of at most `width` cells; a longer word keeps a line to itself."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if not line:
            line = word
        elif cells(line) + 1 + cells(word) <= width:
            line += " " + word
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def labelled(label: str, text: str, look: Look, indent: int = 4) -> Iterator[str]:
    """`label` and, beside it, `text` in as many lines as it needs."""
    margin = indent + LABEL
    head = " " * indent + label.ljust(LABEL)
    for line in wrapped(inert(text), max(look.width - margin, 20)):
        yield (head + line).rstrip(" ")
        head = " " * margin


LABEL = 10


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
