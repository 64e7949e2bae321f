"""Strings next to those that are documented: what people misspell, append, cut and join."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_LENGTHS = (1, 2, 3, 4, 8, 16, 32, 64, 256)
_COMMON = (
    *("", " ", "\n", "0", "1", "-", "%", "_", "null", "NULL", "true", "é", "中", "1234", "a b"),
    *("x" * length for length in _LENGTHS),
)
_SMALLEST_FIRST = sorted(_COMMON, key=lambda text: (len(text), text))


def smallest_but(taken: Collection[str]) -> str:
    """The smallest of the strings below that is not taken: what a person is shown where any other gets in."""
    return next((text for text in _SMALLEST_FIRST if text not in taken), "")


def neighbourhood(values: Iterable[str]) -> list[str]:
    """The strings next to each of the values, as people and other databases misspell them."""
    near: list[str] = []
    for value in values:
        near += [value.upper(), value.capitalize(), f" {value}", f"{value} ", f"{value}\n", f"{value}x", f"x{value}"]
        near += [value[:-1], value[1:], f"{value[:-1]}x", f"x{value[1:]}"]
        if "_" in value:
            near += [value.replace("_", "-"), value.replace("_", " "), value.replace("_", "")]
    return [*near, *_COMMON]


def samples(wanted: list[str], literals: list[str]) -> Iterator[str]:
    """More strings, for an expression that does more than compare: what people append, pieces joined, every length."""
    for value in wanted:
        yield from (
            f"{value}{end}" for end in ("s", "0", "1", "7", "-v1", "-1", "_1", ":x", ".x", "/x", "\t", "*", "+", "'")
        )
        yield from (f"{start}{value}" for start in ("*", "-", "_", "0", "x:", "x.", "no", "un"))
    for text in literals:
        yield from _WORD.findall(text)
        yield text[::-1]
    for first in literals[:8]:
        for second in literals[:8]:
            yield from (first + second, f"{first}|{second}", f"{first} {second}")
    yield from (
        "v1",
        "v2",
        "A",
        "Q",
        "AB",
        "ABC",
        "abc",
        "in review",
        "a@b.org",
        "2026-01",
        "2026-01-01",
        "ext:abc",
        "12",
    )
    yield from ("00000000-0000-4000-8000-000000000001", "custom", "other", "unknown", "default", "none", "x y z")
    yield from ("x" * length for length in range(1, 65))
    yield from ("7" * length for length in range(1, 10))


def plain(text: str) -> str:
    """A number or a UUID without what means nothing in it: blanks, zeros in front, capitals."""
    return text.strip().lower().lstrip("0") or "0"
