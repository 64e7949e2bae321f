"""A privilege is granted to PUBLIC.

In production: every role has it, also those that are made tomorrow.

Example: `GRANT ALL ON agents TO PUBLIC;`

Instead: a role for those who need it.

Silent: USAGE on a schema or a type, EXECUTE on a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.lint import Hit, Place

LEVEL = "warning"

_LOOSELY = re.IGNORECASE | re.DOTALL


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    text = deed.text.strip() if deed.verb == "grant" else ""
    if deed.verb == "alter default privileges" and (match := re.search(r"\bgrant\s+(.*)", deed.text, _LOOSELY)):
        text = match[1]
    public = re.search(r"\bto\b.*\bpublic\b", text, _LOOSELY)
    if public and not re.match(r"(usage|execute)\b", text, re.IGNORECASE):
        yield Hit(span=deed.span, message="every role has it, also those that are made tomorrow")
