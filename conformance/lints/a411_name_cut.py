"""A name of more than 63 bytes, which PostgreSQL cuts.

In production: two names that differ behind the 63rd byte are one; code that looks for the whole name does not find it.

Example: `CREATE INDEX idx_agent_configuration_revisions_by_organization_and_created_at_desc ON …`

Instead: a shorter name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"

_LONGEST = 63
_NAME = re.compile(r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")+)\"|([^\W\d]\w*)|--[^\n]*|\$(\w*)\$.*?\$\3\$", re.DOTALL)


def look(place: Place) -> Iterator[Hit]:
    text = place.statement.text
    for match in _NAME.finditer(text, place.deed.span.start, place.deed.span.end):
        name = match[1] or match[2]
        if name and len(name.encode("utf-8", "surrogatepass")) > _LONGEST:
            cut = name.encode("utf-8", "surrogatepass")[:_LONGEST].decode("utf-8", "ignore")
            message = f"the name is cut to {cut}"
            yield Hit(span=Span(start=match.start(), end=match.end()), message=message)
