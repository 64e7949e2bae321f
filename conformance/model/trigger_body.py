"""What the body of a trigger's function plainly does. Only a NOOP and a plain assignment of the time are understood."""

from __future__ import annotations

import re
from functools import cache

from conformance.model.sql import identifier

_COMMENT = re.compile(r"--[^\n\r]*|/\*(?:(?!/\*).)*?\*/", re.DOTALL)  # one within another is left standing
_NOW = (
    r"(?P<own>pg_catalog\.)?(?P<call>now\(\)|current_timestamp|transaction_timestamp\(\)|clock_timestamp\(\)"
    r"|statement_timestamp\(\))"
)
_ASSIGNMENT = re.compile(
    r'begin new ?\. ?(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<bare>[a-z_][a-z0-9_$]*))'
    rf" ?:?= ?{_NOW} ?; ?return new ?; end ?;?\Z",
    re.IGNORECASE,
)
_RAISE = re.compile(
    r"begin raise(?! (?:debug|log|info|notice|warning)\b)[^;]*;(?: ?return (?:new|old|null) ?;)? end ?;?\Z",
    re.IGNORECASE,
)
_MAY_RAISE = re.compile(r"\b(?:raise\b(?! (?:debug|log|info|notice|warning)\b)|assert\b)", re.IGNORECASE)
_ROW = re.compile(r"(?<!return )\b(?:new|old)\b", re.IGNORECASE)
_STRING = re.compile(r"'(?:[^']|'')*'")
_NOOP = re.compile(r"begin return (new|old|null) ?; end ?;?\Z", re.IGNORECASE)


@cache
def normal(body: str) -> str:
    """The body without comments, and with single blanks."""
    text = _COMMENT.sub(" ", body)
    return re.sub(r"\s+", " ", text).strip()


def effect(body: str, column: str) -> tuple[str, str]:
    """ "sets", "nothing" or "unknown", and the call that gives the value. Only plain assignments are understood."""
    if match := _NOOP.match(normal(body)):
        return "nothing", match[1]
    match = _assigned(body, column)
    return ("sets", match["call"].lower()) if match else ("unknown", "")


def looked_up(body: str, column: str) -> str:
    """The function that gives the value, where its name is looked for along the search_path, or "": a keyword is none,
    and one that says `pg_catalog` leaves no choice."""
    match = _assigned(body, column)
    if match is None or match["own"] or not match["call"].endswith("()"):
        return ""
    return match["call"].removesuffix("()").lower()


def _assigned(body: str, column: str) -> re.Match[str] | None:
    match = _assignment(body)
    if match is None:
        return None
    if match["quoted"]:
        return match if match["quoted"].replace('""', '"') == column else None
    return match if match["bare"].lower() == column == identifier(column) else None  # unquoted, a name is folded


@cache
def _assignment(body: str) -> re.Match[str] | None:
    return _ASSIGNMENT.match(normal(body))


def is_noop(body: str) -> bool:
    """Whether the body only returns."""
    return bool(returned(body))


def raises(body: str) -> bool:
    """Whether the body plainly does nothing but raise an error."""
    text = normal(body)
    return bool(_RAISE.match(text)) and "/*" not in text


def may_raise(text: str) -> bool:
    """Whether an error may be raised by name, in a body or in its comments."""
    return bool(_MAY_RAISE.search(text))


def looks_at_row(text: str) -> bool:
    """Whether anything in the row has a say in what is done, beside that the row is given back."""
    return bool(_ROW.search(_STRING.sub("''", text)))


def returned(body: str) -> str:
    """What a body that only returns gives back, "new", "old" or "null"; "" for any other body."""
    match = _NOOP.match(normal(body))
    return match[1].lower() if match else ""
