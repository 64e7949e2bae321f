"""When a run was, as its report says it; the one time that we make up."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from conformance.errors import UsageError

VARIABLE = "SOURCE_DATE_EPOCH"
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def stamped(now: datetime, seconds: float = 0.0) -> tuple[str, float]:
    """`now` in UTC, ISO 8601, and the seconds that the run took.

    Where $SOURCE_DATE_EPOCH asks for files that do not differ from run to run, it is that time and no seconds. Nothing
    but what is written follows from it: waivers end when they end. Raises `UsageError` where it is no time.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return now.strftime(_WRITTEN), seconds
    try:
        if not (given.isascii() and given.isdigit()):
            raise ValueError(given)
        return datetime.fromtimestamp(int(given), UTC).strftime(_WRITTEN), 0.0
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"${VARIABLE} is {given[:40]!a}; it has to be a number of seconds since 1970") from None
