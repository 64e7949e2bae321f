"""A CHECK lists the values of a documented column, and one that is documented is not among them.

In production: whoever writes what the documentation allows is refused.

Example: `CHECK (request_type IN ('plan'))` in approval_requests, where 'risky_task' is documented too.

Instead: all documented values; more may be added.

Silent: where a later statement lists the values anew, or drops the CHECK.

Limits: only sets that are plainly listed; `conformance lint` judges the others with the schema that is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import constraints_written
from conformance.deeds.value_sets import listed
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    table = place.deed.table
    for constraint in constraints_written(place):
        if (found := listed(constraint)) is None or place.known.made_anew(place.deed, constraint):
            continue
        column, values = found
        if lacking := sorted(place.documented.values.get((table, column), frozenset()) - values):
            told = ", ".join(map(repr, lacking))
            message = f"{told} of {table}.{column} is documented, and refused here"
            yield Hit(span=constraint.span, message=message)
