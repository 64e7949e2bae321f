"""The words of a query or a condition that is not taken apart: what it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conformance.fold.tokens import Token

EVERY = "*"
"""What is mentioned where it may be about every column."""


def mentioned(found: Sequence[Token]) -> frozenset[str]:
    """The words and the names, and `EVERY` where a star stands that counts no rows."""
    words = frozenset(token.value for token in found if token.kind in ("word", "name"))
    stars = any((b.value, t.value) != ("(", "*") and (t.kind, t.value) == ("op", "*") for b, t in pairwise(found))
    return words | {EVERY} if stars else words
