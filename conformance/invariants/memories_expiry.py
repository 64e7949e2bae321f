"""A memory expires after it was made.

Why: a memory that was gone before it came is never recalled, and whoever cleans up counts on it.

Example: `0024/memories.expires_at/after-creation`: expires_at is created_at, because somebody added 0 days.

Repair: a decision: a later time, or NULL for none; a CHECK refuses the next one.

Limits: memories that have expired and are still there are not reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="memories",
        columns=("expires_at",),
        name="after-creation",
        level="should",
        expected="expires_at is later than created_at",
        needs={"memories": ("expires_at", "created_at")},
        look=_look,
        breaking=tuple(
            {"expires_at": f"{expires} 00:00:00+00", "created_at": f"{made} 00:00:00+00"}
            for expires, made in (("2020-01-01", "2020-01-01"), ("2099-01-01", "2099-01-02"))
        ),
        repair="ALTER TABLE memories ADD CHECK (expires_at > created_at) NOT VALID;",
    )


def _look(reading: Reading) -> Rows:
    expires, made = (reading.value("memories", name, "time") for name in ("expires_at", "created_at"))
    return reading.rows("memories", f"{expires} <= {made}", about=("created_at", "expires_at"))
