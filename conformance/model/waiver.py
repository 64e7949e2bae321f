"""A justified, owned, expiring exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """`requirement` is an id or a glob over ids; `expires` is an ISO date, the last day (UTC) on which it counts."""

    requirement: str
    reason: str
    owner: str
    expires: str
