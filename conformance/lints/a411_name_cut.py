"""A name of more than 63 bytes, which PostgreSQL cuts.

In production: two names that differ behind the 63rd byte are one; code that looks for the whole name does not find it.

Example: `CREATE INDEX idx_agent_configuration_revisions_by_organization_and_created_at_desc ON …`

Instead: a shorter name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import cut, tokens
from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"

_LONGEST = 63
_LONG = re.compile(r"[^\s.,()]{64}|\"[^\"]{64}")
_LONG_ELSEWHERE = re.compile(r"[^\s.,()]{16}|\"[^\"]{16}")
"""A name that is too long has as many letters at the least, in ASCII and in whatever alphabet."""


def look(place: Place) -> Iterator[Hit]:
    start, end = place.deed.span.start, place.deed.span.end
    text = place.statement.text[start:end]
    if not place.deed.verb or not (_LONG if text.isascii() else _LONG_ELSEWHERE).search(text):
        return
    try:
        found = tokens(text)
    except NotUnderstood:
        return
    for token in found:
        name = text[token.start : token.end]
        bare = name[1:-1].replace('""', '"') if token.kind == "name" else name
        if token.kind in ("word", "name") and len(bare.encode("utf-8", "surrogatepass")) > _LONGEST:
            span = Span(start=start + token.start, end=start + token.end)
            yield Hit(span=span, message=f"the name is cut to {cut(bare)}")
