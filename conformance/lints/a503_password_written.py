"""A password stands in the file.

In production: it is in the repository, in the server's log, and in every copy of both.

Example: `CREATE ROLE app LOGIN PASSWORD 'hunter2';`

Instead: the role without it, and \\password, or a secret that the deployment sets.

Silent: PASSWORD NULL; a password in the server's own encrypted form (SCRAM-SHA-256$…) is said too, as a note would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.deed import Span
from conformance.model.lint import Hit, Place

LEVEL = "error"

_PASSWORD = re.compile(r"\bpassword(?=\s+(?:e|u&)?'|\s+\$|\s*=\s*[^\s'])", re.IGNORECASE)
_HOLDERS = ("create role", "create user", "alter role", "alter user", "create subscription", "alter subscription")


def look(place: Place) -> Iterator[Hit]:
    if place.deed.verb not in _HOLDERS:
        return
    text = place.statement.text
    for match in _PASSWORD.finditer(text, place.deed.span.start, place.deed.span.end):
        message = "the password is in the repository, in the log, and in every copy of both"
        yield Hit(span=Span(start=match.start(), end=match.start() + len("password")), message=message)
