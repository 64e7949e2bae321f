"""A justified, owned, expiring exception, bound to the shape of what it excuses."""

from __future__ import annotations

from conformance.model.record import Record


class Waiver(Record):
    """`requirement` is an id or a glob over ids; `expires` is an ISO date, the last day on which it counts, which ends
    when that day ends in UTC, wherever the run is.

    `shape` are the shapes that it excuses (`conformance.model.shape`), and no other. `ticket` says where it is dealt
    with, `file` and `line` where the waiver stands.
    """

    requirement: str
    reason: str
    owner: str
    expires: str
    ticket: str = ""
    shape: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def words(self) -> str:
        """What a report says of what it excuses."""
        ticket = f" ({self.ticket})" if self.ticket else ""
        return f"waived until {self.expires} by {self.owner}: {self.reason}{ticket}"
