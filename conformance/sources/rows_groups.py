"""Groups of rows, each looked for once in a run, however many claims are about them or suppose that there are none."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model.look import Groups, Rows, Seen, Unseen
from conformance.model.looking import Asked, Looking
from conformance.model.record import replace
from conformance.sources import rows_looks
from conformance.sources.rows_statements import Statements

SAMPLED = Unseen(reason="a sample of the rows does not decide it", help="look without --sample")


def supposing(one: Asked) -> list[Groups]:
    """The groups that a look supposes not to be there."""
    joins = one.look.joins if isinstance(one.look, Rows) else ()
    return [join.several for join in joins if join.several is not None]


class GroupsSeen:
    """What was seen of groups over one connection."""

    def __init__(self, statements: Statements, looking: Looking) -> None:
        self._statements = statements
        self._looking = looking
        self._known: dict[Groups, Seen] = {}

    def seen(self, look: Groups) -> Seen:
        """What the look sees."""
        if self._looking.sample is not None:
            return SAMPLED
        if look not in self._known:
            self._known[look] = rows_looks.groups(self._statements, look, self._looking)
        return self._known[look]

    def several(self, asked: Sequence[Asked]) -> dict[str, Unseen]:
        """The looks whose joins may find several rows where there should be one, each with the reason."""
        found = {}
        for one in asked:
            if why := next(filter(None, map(self._why, supposing(one))), None):
                found[one.id] = why
        return found

    def _why(self, look: Groups) -> Unseen | None:
        keys, table = ", ".join(key.name for key in look.keys), look.table.name
        seen = self.seen(look)
        if seen is SAMPLED:
            return replace(SAMPLED, reason=f"no index tells rows of {table} apart by {keys}, nor does a sample of them")
        if isinstance(seen, Unseen) or not seen.violations:
            return seen if isinstance(seen, Unseen) else None
        several = f"{seen.violations:,} {'value' if seen.violations == 1 else 'values'} of {table}.{keys}"
        there = f"{several} {'is' if seen.violations == 1 else 'are'} there more than once"
        return Unseen(reason=f"{there}: a row may have several parents", help="look again when one row of each is left")
