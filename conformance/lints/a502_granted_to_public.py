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


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    public = deed.verb == "grant" and re.search(r"\bto\b.*\bpublic\b", deed.text, re.IGNORECASE | re.DOTALL)
    if public and not re.match(r"(usage|execute)\b", deed.text.strip(), re.IGNORECASE):
        yield Hit(span=deed.span, message="every role has it, also those that are made tomorrow")
