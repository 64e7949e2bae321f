"""A draft of repairs that gives no name that something else in the database has, where another name would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conformance.drafting import Draft
from conformance.model.look import Look, Seen
from conformance.model.looking import Asked

_MOST = 10
"""How often names are given anew. What is taken then is left out: somebody has meant it so."""


def renamed(
    drafted: Callable[[frozenset[str]], Draft], look: Callable[[Sequence[Asked]], Mapping[str, Seen]]
) -> tuple[Draft, Mapping[str, Seen]]:
    """The draft, given the names that are taken, and what was seen for it. Nothing is looked at twice."""
    known: dict[Look, Seen] = {}
    taken: frozenset[str] = frozenset()
    for _ in range(_MOST):
        draft = drafted(taken)
        new = [one for one in draft.asked if one.look not in known]
        answers = look(new) if new else {}
        known |= {one.look: answers[one.id] for one in new if one.id in answers}
        seen = {one.id: known[one.look] for one in draft.asked if one.look in known}
        more = draft.taken(seen)
        if not more:
            break
        taken |= more
    return draft, seen
