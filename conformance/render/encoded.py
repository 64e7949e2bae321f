"""JSON as it is written here: ASCII, and without anything that a terminal or a CI runner would obey.

The standard library writes indented JSON piece by piece, which for a report of thousands of outcomes costs ten times as
much as writing it in one line. This joins whole lines, and gives the same.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any


def encoded(value: object) -> str:
    """The text of a value, in one line."""
    return _tamed(json.dumps(value))


def indented(value: object) -> str:
    """The text of a value, an item a line. Lone surrogates, which no strict parser takes, are visible escapes."""
    return _tamed(_written(value, "\n"))


def sound(value: Any) -> Any:
    """What a parser reads back of the value: its strings without lone surrogates, its tuples as lists."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {sound(key): sound(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [sound(item) for item in value]
    return value


def _written(value: Any, margin: str) -> str:
    """A value whose lines begin behind `margin`. Most of what a report holds is text, and half of the rest is nothing:
    those are written where they stand."""
    inner = f"{margin}  "
    if isinstance(value, dict) and value:
        lines = [
            f"{_key(key)}: {_text(item) if type(item) is str else 'null' if item is None else _written(item, inner)}"
            for key, item in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(lines)}{margin}}}"
    if isinstance(value, list | tuple) and value:
        lines = [_text(item) if type(item) is str else _written(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(lines)}{margin}]"
    if type(value) is int:
        return str(value)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    return encode_basestring_ascii(value if value.isascii() else sound(value))


@lru_cache(maxsize=1_000)
def _key(key: str) -> str:
    """The keys of an object, which are the same in all of a kind."""
    return _text(key)


def _tamed(text: str) -> str:
    """`##[`, which some runners obey wherever it stands in a log, is spelled otherwise."""
    return text.replace("\x7f", "\\u007f").replace("##[", "\\u0023#[")
