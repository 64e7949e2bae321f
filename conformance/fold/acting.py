"""Statements other than those of rows that run functions on the way: a default, a condition, a query, an index."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import calls
from conformance.fold.harmless import EXECUTING
from conformance.fold.refusals import Acting
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token

_NAMING = frozenset(
    {
        ("create", "function"), ("create", "procedure"), ("create", "or"), ("create", "aggregate"),
        ("create", "trigger"), ("create", "constraint"), ("create", "policy"), ("alter", "function"),
        ("alter", "procedure"), ("alter", "policy"), ("drop", "function"), ("drop", "procedure"),
        ("drop", "aggregate"), ("drop", "trigger"),
    }
)  # fmt: skip
"""What names functions and runs none."""
_ELSEWHERE = frozenset(
    """comment security grant revoke set reset do select insert update delete merge with values table truncate copy
    perform""".split()
)
"""What runs nothing, or is looked at elsewhere."""
_STORED = frozenset({("create", "view"), ("create", "domain")})
_EVALUATING = frozenset({"alter", "reindex", "vacuum", "analyze", "cluster", "refresh"})


def judge(schema: Schema, cursor: Cursor, words: Sequence[str]) -> None:
    """Raises `Acting` where the statement may run a function that changes the structure. What is kept with a table
    that has no rows yet, or with a view, is run only later; so that is looked at then."""
    head = tuple(words[:2])
    if head[:1] == () or head[0] in _ELSEWHERE or head in _NAMING:
        return
    found = cursor.found
    if named := _named(found, EXECUTING):
        raise Acting(f"what {named}() does is not known here")
    if not schema.acting:
        return
    stored = head in _STORED or (head == ("create", "table") and not _has(found, "as"))
    if (named := _named(found, schema.acting)) and not stored:
        raise Acting(f"the function {named} may change the structure")
    if head[0] in _EVALUATING or head in (("create", "index"), ("create", "unique"), ("create", "materialized")):
        calls.judge_lurking(schema)


def _named(found: Sequence[Token], names: frozenset[str]) -> str:
    return next((t.value for t in found if t.kind in ("word", "name") and t.value in names), "")


def _has(found: Sequence[Token], word: str) -> bool:
    return any((token.kind, token.value) == ("word", word) for token in found)
