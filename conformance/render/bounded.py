"""How much a host takes: of a file that is larger it shows nothing, and some say nothing of that.

Long texts are cut first, and then what is less bad is left out. Both are said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

MOST = 10_000_000
"""As many bytes of results. What is written is ASCII, a character a byte."""

_CUTS = (sys.maxsize, 1_000, 200)
_CUT = " … (cut)"


def bounded(written: Callable[[int], Iterable[str]], most: int = MOST) -> Sequence[str]:
    """The lines that `written` gives for a longest text, as long as they take; the first of them if there are more."""
    kept: list[str] = []
    for longest in _CUTS:
        kept, left = [], most
        for line in written(longest):
            left -= len(line)
            if left < 0:
                break
            kept.append(line)
        else:
            break
    return kept


def cut(text: str, longest: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= longest else text[:longest] + _CUT
