"""A justified, owned, expiring exception."""

from __future__ import annotations

from conformance.model.record import Record


class Waiver(Record):
    """`requirement` is an id or a glob over ids; `expires` is an ISO date, the last day (UTC) on which it counts."""

    requirement: str
    reason: str
    owner: str
    expires: str
