"""What a run was compared with: an earlier report, and what became of the departures in it."""

from __future__ import annotations

from conformance.model.record import Record


class Baseline(Record):
    """The report `file`, of the target at `address`, written by `tool` at the time `started`.

    `mended` is what failed there, or could not be looked at, and does not any more: it can be taken out of the
    baseline. `unseen` is what failed there and was not looked at now.
    """

    file: str
    tool: str
    address: str
    started: str
    mended: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
