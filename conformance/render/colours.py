"""The colours of a terminal, by what they mean: one place for every text that has some."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model.contract import Level
from conformance.render.layout import Look

HEAD = "1"
GOOD = "32"
CLEAN = "1;32"
NOTHING_NEW = "1;33"
BAD = "1;31"
UNSEEN = "1;35"
KNOWN = "36"
"""Somebody knows of it: it is waived, or the baseline has it too."""

DEPARTS: Mapping[Level, str] = {"must": BAD, "should": "33", "may": KNOWN}
INDETERMINATE: Mapping[Level, str] = {"must": UNSEEN, "should": "35"}


def painted(colour: str, text: str, look: Look) -> str:
    """The text in a colour, where there are colours, and it has one."""
    return f"\x1b[{colour}m{text}\x1b[0m" if look.colour and colour else text
