"""What the oracle knows of `approval_requests.approvals`: who voted how, and when.

`ABSENT` is SQL's NULL, `None` the JSON value null.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import Any

ABSENT = object()
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0"

_ZONE = r"(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
_TIMESTAMPS = [
    re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?" + _ZONE),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[Tt]([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:\.([0-9]+))?)?" + _ZONE),
]


def moment(text: Any) -> Fraction | None:
    """Seconds since the first of January of the year 1, UTC, for a well formed `decided_at`; None for any other value.

    Without a zone it is UTC.
    """
    spelled = [form.fullmatch(text) for form in _TIMESTAMPS] if isinstance(text, str) else []
    found = next(filter(None, spelled), None)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hour, zone_minute = found.groups(default="0")
    try:
        days = date(int(year), int(month), int(day)).toordinal() - 1
    except ValueError:
        return None
    end = int(hour) == 24 and not int(minute) and not int(second) and not int(fraction)
    leap = int(second) == 60 and not int(fraction) and int(hour) < 24
    if not end and (int(hour) > 23 or int(minute) > 59 or (int(second) > 59 and not leap)):
        return None
    if int(zone_hour) > 14 or int(zone_minute) > 59:
        return None
    offset = int(zone_hour) * 3600 + int(zone_minute) * 60
    local = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second)
    return local - (-offset if sign == "-" else offset) + Fraction(f"0.{fraction}")


def unseen(letter: str) -> bool:
    """Whether a reader sees nothing of the letter: a format character, a filler, a variation selector."""
    return (
        unicodedata.category(letter) == "Cf"
        or letter in FILLERS
        or "VARIATION SELECTOR" in unicodedata.name(letter, "")
    )


def user(vote: Any) -> str | None:
    """Whose vote an element is, in the one spelling of the id; None where it is nobody's."""
    if not isinstance(vote, dict) or not isinstance(vote.get("user_id"), str):
        return None
    stripped = "".join(" " if letter.isspace() else letter for letter in vote["user_id"] if not unseen(letter)).strip()
    digits = re.sub(r"[{}-]", "", stripped)
    if re.fullmatch(r"[0-9a-fA-F]{32}", digits):
        return digits.lower()
    return stripped or None


def decision(vote: Any) -> Any:
    """What an element says of itself."""
    return vote.get("decision") if isinstance(vote, dict) else None


def votes(request: dict[str, Any]) -> list[Any]:
    """The elements of `approvals`, where it is an array."""
    approvals = request.get("approvals", ABSENT)
    return approvals if isinstance(approvals, list) else []


def well_formed(request: dict[str, Any]) -> bool:
    """Whether `approvals` is NULL, or an array of votes."""
    approvals = request.get("approvals", ABSENT)
    if approvals is ABSENT:
        return True
    return isinstance(approvals, list) and all(
        isinstance(vote, dict)
        and user(vote) is not None
        and decision(vote) in ("approved", "denied")
        and moment(vote.get("decided_at")) is not None
        for vote in approvals
    )


def required(request: dict[str, Any]) -> int:
    """How many approvers a request needs."""
    return max(1, 1 if request.get("required_approvals") is None else request["required_approvals"])


def approvers(some: list[Any]) -> set[str]:
    """The distinct users who approved."""
    return {who for vote in some if decision(vote) == "approved" and (who := user(vote)) is not None}


def is_legacy(request: dict[str, Any]) -> bool:
    """Whether a request was decided before votes were kept: one decider, none of them."""
    return request.get("approvals", ABSENT) in (ABSENT, []) and user({"user_id": request.get("decided_by")}) is not None


def has_denial_in_time(request: dict[str, Any]) -> bool:
    """Whether somebody denied before enough had approved."""
    placed = [(moment(vote.get("decided_at")) if isinstance(vote, dict) else None, vote) for vote in votes(request)]
    in_order = [vote for _, vote in sorted(placed, key=lambda p: (p[0] is not None, p[0] or 0))]
    return any(
        decision(vote) == "denied" and len(approvers(in_order[:place])) < required(request)
        for place, vote in enumerate(in_order)
    )
