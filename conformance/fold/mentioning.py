"""The words of a query or a condition that is not taken apart: what it may be about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from conformance.fold.condition import Clause
from conformance.fold.schema import Relation
from conformance.fold.tokens import Token, tokens

EVERY = "*"
"""What is mentioned where it may be about every column."""


def mentioned(found: Sequence[Token]) -> frozenset[str]:
    """The words and the names, and `EVERY` where a star stands that counts no rows."""
    words = frozenset(token.value for token in found if token.kind in ("word", "name"))
    stars = any((b.value, t.value) != ("(", "*") and (t.kind, t.value) == ("op", "*") for b, t in pairwise(found))
    return words | {EVERY} if stars else words


def spoken_of(relation: Relation) -> frozenset[str]:
    """The words of its query and of its policies."""
    return relation.mentions.union(*(policy.mentions for policy in relation.policies))


def clauses(relation: Relation) -> Iterator[Clause]:
    """The expressions of its checks, columns and indexes."""
    yield from (check.clause for check in relation.checks)
    spelled = [column.default for column in relation.columns]
    for index in relation.indexes:
        spelled += [index.predicate, *(key.clause for key in index.keys)]
    yield from (clause for clause in spelled if clause is not None)


def columns_seen(text: str, table: Relation) -> tuple[str, ...]:
    """The columns of a table that an expression names which is not understood: the words that can be nothing else."""
    found = tokens(text)
    seen: list[str] = []
    for place, token in enumerate(found):
        if token.kind in ("word", "name") and table.has(token.value) and not _other(found, place):
            seen.append(token.value)
    return tuple(dict.fromkeys(seen))


def _other(found: Sequence[Token], place: int) -> bool:
    """Whether a function stands there, a type, or a word of a form."""
    before = [token.value for token in found[max(place - 2, 0) : place]]
    behind = found[place + 1] if place + 1 < len(found) else None
    if behind is not None and (behind.kind == "string" or behind.value in ("(", "zone", "time")):
        return True
    return before == ["extract", "("] or before[-1:] in (["::"], ["as"], ["collate"], ["at"])
