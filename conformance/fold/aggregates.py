"""Aggregates: where one may not stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.fold.calls import dotted
from conformance.fold.operands import RESERVED, closing, is_query
from conformance.fold.refusals import Refused
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Token

NAMES = frozenset(
    """any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg
    json_object_agg jsonb_agg jsonb_object_agg max min mode percentile_cont percentile_disc range_agg
    range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
    stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg""".split()
)


def calls(found: Sequence[Token], scope: Scope) -> Iterator[tuple[int, int]]:
    """Where aggregates are called, and where their parentheses close; those of queries inside are not among them."""
    place = 0
    while place < len(found):
        token = found[place]
        if (token.kind, token.value) == ("op", "(") and is_query(found[place + 1 :]):
            place = closing(found, place)
        elif _is_aggregate(found, place, scope):
            end = closing(found, place + 1)
            yield place, end
            place += 1
        place += 1


def _is_aggregate(found: Sequence[Token], place: int, scope: Scope) -> bool:
    token = found[place]
    if token.kind not in ("word", "name") or token.value not in NAMES or token.value in scope.schema.called:
        return False
    qualified = place > 0 and (found[place - 1].kind, found[place - 1].value) == ("op", ".")
    called = place + 1 < len(found) and (found[place + 1].kind, found[place + 1].value) == ("op", "(")
    return called and not qualified


def judge_none(found: Sequence[Token], scope: Scope, where: str) -> None:
    """Raises `Refused` where an aggregate is called. In a query within another one it may be of that, and is let
    through where it is of no column of its own."""
    for start, end in calls(found, scope):
        if not scope.within or any(_is_own(found, place, scope) for place in range(start + 2, end)):
            raise Refused("grouping_error", f"an aggregate cannot stand in {where}")


def _is_own(found: Sequence[Token], place: int, scope: Scope) -> bool:
    """Whether a column of what this query reads from stands there, and no other one."""
    if found[place - 1].value == "." or (found[place].kind == "word" and found[place].value in RESERVED):
        return False
    names = dotted(found, place)
    sources = [one for one in scope.sources if len(names) == 1 or one.name == names[-2]] if names else []
    return any(one.name == names[-1] for source in sources for one in source.columns or ())


def judge_nested(found: Sequence[Token], scope: Scope) -> None:
    """Raises `Refused` where an aggregate is called within another one, of which neither is over a window."""
    spans = list(calls(found, scope))
    for at, (start, end) in enumerate(spans):
        if windowed(found, end):
            continue
        if any(start < inner < end for inner, _ in spans[at + 1 :]):
            raise Refused("grouping_error", "an aggregate cannot stand within another one")


def behind(found: Sequence[Token], end: int) -> int:
    """Where an aggregate ends, with FILTER and WITHIN GROUP, whose parentheses close there."""
    place = end + 1
    while place + 1 < len(found) and found[place].value in ("filter", "within", "group"):
        place = closing(found, place + 1) + 1 if found[place + 1].value == "(" else place + 1
    return place


def windowed(found: Sequence[Token], end: int) -> bool:
    """Whether it is over a window."""
    place = behind(found, end)
    return place < len(found) and found[place].value == "over"
