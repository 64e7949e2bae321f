"""Row security is enabled without a policy, or a policy is made without row security.

In production: enabled without a policy, nobody but the owner sees a row; a policy alone does nothing at all.

Example: `ALTER TABLE notes ENABLE ROW LEVEL SECURITY;` and no CREATE POLICY.

Instead: both, in one file.

Silent: where the other half stands in the same file, or in an earlier one.

Limits: that a policy is dropped is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.deed import Deed
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb != "create policy" and not _enables(deed):
        return
    if _enables(deed) and not place.known.policed(deed.table):
        yield Hit(span=deed.span, message=f"nobody but the owner sees a row of {deed.table}: it has no policy")
    if deed.verb == "create policy" and not place.known.secured(deed.table):
        yield Hit(span=deed.span, message=f"the policy does nothing: row security of {deed.table} is not enabled")


def _enables(deed: Deed) -> bool:
    return any(action.verb == "enable row level security" for action in deed.actions)
