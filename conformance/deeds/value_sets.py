"""Which values a CHECK lets in, where it plainly lists them."""

from __future__ import annotations

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import tokens
from conformance.model.deed import Constraint

_WORDS = frozenset("in any array is null or text varchar character varying".split())
_SIGNS = frozenset(["(", ")", ",", "=", "::", "[", "]"])


def listed(constraint: Constraint) -> tuple[str, frozenset[str]] | None:
    """The column and its values: of `status IN ('a', 'b')`, of `status = ANY (ARRAY['a'])`, perhaps OR status IS NULL;
    None for any other CHECK."""
    if constraint.kind != "check":
        return None
    try:
        found = tokens(constraint.text)
    except NotUnderstood:
        return None
    names = {t.value for t in found if t.kind == "name" or (t.kind == "word" and t.value not in _WORDS)}
    values = frozenset(t.value for t in found if t.kind == "string")
    signs = {t.value for t in found if t.kind not in ("name", "word", "string")}
    one_list = sum(t.value in ("in", "any", "=") for t in found if t.kind in ("word", "op")) <= 2
    plain = len(names) == 1 and values and signs <= _SIGNS and one_list
    return (names.pop(), values) if plain else None
