"""Which names look alike to a reader: one folding for all servers and locales."""

from __future__ import annotations

import re
from unicodedata import category, normalize

_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def folded(name: str) -> str:
    """The name without case, width, Unicode form, all but single blanks inside, and what is not seen at all."""
    if not name.isascii():
        seen = _UNSEEN.sub("", "".join(letter for letter in name if category(letter) != "Cf"))
        name = normalize("NFKC", normalize("NFKC", seen).casefold())
    return " ".join(name.casefold().split())
