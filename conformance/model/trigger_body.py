"""What the body of a trigger's function plainly does. Only a NOOP and a plain assignment of the time are understood."""

from __future__ import annotations

import re

from conformance.model.sql import identifier

_COMMENT = re.compile(r"--[^\n\r]*|/\*(?:(?!/\*).)*?\*/", re.DOTALL)  # one within another is left standing
_NOW = (
    r"(?:pg_catalog\.)?(?P<call>now\(\)|current_timestamp|transaction_timestamp\(\)|clock_timestamp\(\)"
    r"|statement_timestamp\(\))"
)
_NOOP = re.compile(r"begin return (new|old|null) ?; end ?;?\Z", re.IGNORECASE)


def normal(body: str) -> str:
    """The body without comments, and with single blanks."""
    text = _COMMENT.sub(" ", body)
    return re.sub(r"\s+", " ", text).strip()


def effect(body: str, column: str) -> tuple[str, str]:
    """ "sets", "nothing" or "unknown", and the call that gives the value. Only plain assignments are understood."""
    text = normal(body)
    if match := _NOOP.match(text):
        return "nothing", match[1]
    bare = rf"{re.escape(column)}|" if identifier(column) == column else ""  # unquoted, a name is folded
    name = rf'(?:{bare}(?-i:"{re.escape(column)}"))'
    assignment = rf"new ?\. ?{name} ?:?= ?{_NOW} ?; ?"
    match = re.match(rf"begin {assignment}return new ?; end ?;?\Z", text, re.IGNORECASE)
    return ("sets", match["call"].lower()) if match else ("unknown", "")


def is_noop(body: str) -> bool:
    """Whether the body only returns."""
    return bool(returned(body))


def returned(body: str) -> str:
    """What a body that only returns gives back, "new", "old" or "null"; "" for any other body."""
    match = _NOOP.match(normal(body))
    return match[1].lower() if match else ""
