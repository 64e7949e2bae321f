"""Escapes in strings and names: letters and bytes by their numbers."""

from __future__ import annotations

import re

from conformance.fold.refusals import NotUnderstood, Refused

_ESCAPED = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|(?P<octal>[0-7]{1,3})|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|.)"
    r"|''|[^\\']+",
    re.DOTALL,
)
_UNICODE = re.compile(r"\\(?:(?P<same>\\)|(?P<short>[0-9a-fA-F]{4})|\+(?P<long>[0-9a-fA-F]{6})|(?P<wrong>))")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def spelled(inner: str) -> str:
    """What stands in the quotes of U&, without another sign for UESCAPE."""
    return _UNICODE.sub(_point, inner)


def unescaped(body: str) -> str:
    """What a string with escapes means; those of bytes may make a letter together."""
    found = b"".join(_bytes(match) for match in _ESCAPED.finditer(body))
    try:
        return found.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise Refused("character_not_in_repertoire", "a string has escapes that are no text") from None


def _bytes(match: re.Match[str]) -> bytes:
    found = match[0]
    if digits := match["hex"] or match["octal"]:
        byte = int(digits, 16 if match["hex"] else 8) & 0xFF
        if byte == 0:
            raise Refused("character_not_in_repertoire", "a string holds the character 0")
        return bytes([byte])
    if match["short"] or match["long"]:
        return _point(match).encode("utf-8", "surrogatepass")
    if found == "''":
        return b"'"
    if not found.startswith("\\"):
        return found.encode("utf-8", "surrogatepass")
    if found[1] in "uU":
        raise Refused("invalid_escape_sequence", f"the escape {found[:2]} has too few digits")
    return _ESCAPES.get(found[1], found[1]).encode("utf-8", "surrogatepass")


def _point(match: re.Match[str]) -> str:
    """The letter that a Unicode escape stands for."""
    if match.groupdict().get("same"):
        return "\\"
    digits = match["short"] or match["long"]
    number = int(digits or "0", 16)
    if 0xD800 <= number < 0xE000:
        raise NotUnderstood("it has a letter in two Unicode escapes")
    if not 0 < number <= 0x10FFFF:
        raise Refused("invalid_escape_sequence", "a Unicode escape stands for no letter")
    return chr(number)
