"""What the database itself keeps of the invariants, as it was tried with rows that break them."""

from __future__ import annotations

from typing import Literal

from conformance.model.contract import Requirement
from conformance.model.record import Record

Entry = Literal["gets in", "refused", "not tried"]


class Breach(Record):
    """One invariant: what in the catalog is said to keep it, and whether rows that break it get in nevertheless.

    `script` is the smallest that was found, where they get in; `detail` the server's words or why it was not tried."""

    requirement: Requirement
    expected: str
    enforced_by: str
    entry: Entry
    detail: str = ""
    script: str | None = None
