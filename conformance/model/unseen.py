"""Letters that a reader does not see, and blanks beyond ASCII, taken out of a text in SQL.

A regular expression costs as much as all the rest of a vote, so that a text of ASCII alone is let be. It names code
points, which only a database in UTF8 has.
"""

from __future__ import annotations

from collections.abc import Iterable

UNSEEN = (
    (0x00AD,), (0x034F,), (0x0600, 0x0605), (0x061C,), (0x06DD,), (0x070F,), (0x0890, 0x0891), (0x08E2,),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064),
    (0x2066, 0x206F), (0x3164,), (0xFE00, 0xFE0F), (0xFEFF,), (0xFFA0,), (0xFFF9, 0xFFFB), (0x110BD,), (0x110CD,),
    (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0001,), (0xE0020, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
"""Code points, or the first and the last of some: Unicode's format characters, fillers and variation selectors."""

BLANK = ((0x0085,), (0x00A0,), (0x1680,), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F,), (0x205F,), (0x3000,))
"""Unicode's white space beyond ASCII."""


def seen(text: str) -> str:
    """The text without letters that are not seen, with ASCII's blank for every other."""
    without = f"pg_catalog.regexp_replace({text}, '[{_class(UNSEEN)}]', '', 'g')"
    plain = f"pg_catalog.regexp_replace({without}, '[{_class(BLANK)}]', ' ', 'g')"
    bare = f"pg_catalog.octet_length({text}) = pg_catalog.length({text})"
    return f"CASE WHEN {bare} OR pg_catalog.getdatabaseencoding() <> 'UTF8' THEN {text} ELSE {plain} END"


def _class(ranges: Iterable[tuple[int, ...]]) -> str:
    return "".join("-".join(rf"\U{point:08x}" for point in one) for one in ranges)
