"""A constraint is validated in the transaction that added it.

In production: the lock of ADD CONSTRAINT is held until the transaction ends, so that NOT VALID has gained nothing: all
wait while the rows are read.

Example: `BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (…) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT;`

Instead: VALIDATE CONSTRAINT in a transaction, or a file, of its own.

Silent: where each statement is a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import acts
from conformance.model.lint import Hit, Place

LEVEL = "warning"


def _added(place: Place, name: str) -> bool:
    """Whether the same statement adds it."""
    made = (action.constraint for action in place.deed.actions if action.constraint is not None)
    return any(one.not_valid and one.name == name for one in made)


def look(place: Place) -> Iterator[Hit]:
    for action in acts(place, "validate constraint"):
        earlier = place.transaction and place.known.of_this_transaction("not valid", action.name)
        if earlier or _added(place, action.name):
            yield Hit(
                span=action.span,
                message=f"the lock under which {action.name} was added is still held while the rows are read",
            )
