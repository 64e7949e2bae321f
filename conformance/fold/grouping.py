"""Queries that group their rows, or have an aggregate: whether each column that they give is one of a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from conformance.fold import aggregates
from conformance.fold.calls import dotted
from conformance.fold.operands import RESERVED, Operands, closing
from conformance.fold.refusals import Refused
from conformance.fold.scopes import Scope, Source
from conformance.fold.tokens import Cursor, Token
from conformance.model.record import Record

Column = tuple[str, str]
_SETS = frozenset({"rollup", "cube", "sets", "all", "distinct"})


class Item(Record):
    """What a query gives: its name, and the expression in front of that."""

    name: str
    found: tuple[Token, ...]

    @property
    def star(self) -> bool:
        """Whether it stands for all columns, or for those of one table."""
        return self.found[-1].value == "*" and (len(self.found) == 1 or self.found[-2].value == ".")


def judge(
    items: Sequence[Item], group: Sequence[Token] | None, others: Sequence[Sequence[Token]], scope: Scope
) -> None:
    """Raises `Refused` where a column is given that is none of a group; `others` are the conditions behind HAVING and
    the items of ORDER BY. What an expression of GROUP BY may tell is let
    through."""
    spoken = [item.found for item in items] + [tuple(other) for other in others]
    if not scope.sources or (group is None and not any(_aggregated(found, scope) for found in spoken)):
        return
    keys = _keys(items, group or (), scope)
    if keys is None:
        return
    plain = {column for key in keys for column in [_plain(key, scope)] if column is not None}
    free = {column for key in keys if _plain(key, scope) is None for column in _columns(key, scope)}
    whole = {one.name for one in scope.sources if _is_told(one, plain, scope.merged)}
    for source, column in (one for found in spoken for one in _told(found, scope)):
        if (source, column) not in plain | free and source not in whole:
            raise Refused("grouping_error", f"{source}.{column} stands neither in GROUP BY nor in an aggregate")
    others = [key for key in keys if _plain(key, scope) is None]
    for found in spoken if free and all(_is_simple(key) for key in others) else ():
        if _is_simple(found) and not any(_words(key) <= _words(found) for key in others):
            for source, column in _told(found, scope):
                if (source, column) not in plain and source not in whole:
                    raise Refused("grouping_error", f"{source}.{column} is grouped by in another expression only")


def _is_simple(found: Sequence[Token]) -> bool:
    """Whether it is of names, constants and signs only, which can be written in hardly another way."""
    signs = {token.value for token in found if token.kind == "op"}
    words = {token.value for token in found if token.kind == "word"}
    return bool(found) and not signs & {"::", "[", "*"} and not words & RESERVED


def _words(found: Sequence[Token]) -> frozenset[str]:
    """The names and the constants of an expression, without what stands in front of a dot."""
    return frozenset(
        token.value
        for token, behind in zip_longest(found, found[1:])
        if token.kind != "op" and not (behind is not None and behind.kind == "op" and behind.value == ".")
    )


def _is_told(source: Source, plain: set[Column], merged: frozenset[str]) -> bool:
    """Whether its primary key is in GROUP BY, which tells its other columns, or may be."""
    if not source.key:
        return source.key is None
    return all((source.name, one) in plain or one in merged for one in source.key)


def _aggregated(found: Sequence[Token], scope: Scope) -> bool:
    """Whether an aggregate is called that is surely one of this query, and not of one around it."""
    for start, end in aggregates.calls(found, scope):
        inner = found[start + 2 : end]
        own = not scope.within or [token.value for token in inner] == ["*"] or bool(_columns(inner, scope))
        if own and not aggregates.windowed(found, end):
            return True
    return False


def _keys(items: Sequence[Item], group: Sequence[Token], scope: Scope) -> list[Sequence[Token]] | None:
    """The expressions of GROUP BY; None where not all of them are told."""
    if any(token.kind == "word" and token.value in _SETS for token in group):
        return None
    found: list[Sequence[Token]] = []
    waiting = [part.found for part in Cursor("", list(group[1:])).parts()] if len(group) > 1 else []
    while waiting:
        key = waiting.pop()
        if not key:
            return None
        if (key[0].kind, key[0].value) == ("op", "(") and closing(key, 0) == len(key) - 1:
            waiting += [part.found for part in Cursor("", list(key[1:-1])).parts()]
        elif len(key) == 1 and key[0].kind == "number":
            if any(item.star for item in items) or not 0 < int(key[0].value) <= len(items):
                return None
            named = items[int(key[0].value) - 1].found
            aggregates.judge_none(named, scope, "GROUP BY")
            found.append(named)
        elif len(key) == 1 and not any(source.may_have(key[0].value) for source in scope.sources):
            found += [item.found for item in items if item.name == key[0].value]
        else:
            found.append(key)
    return found


def _plain(found: Sequence[Token], scope: Scope) -> Column | None:
    """The column that is all of an expression."""
    names = dotted(found, 0)
    return _column(names, scope) if names and 2 * len(names) - 1 == len(found) else None


def _column(names: tuple[str, ...], scope: Scope) -> Column | None:
    """The column of this query that a name means; None where it is none, or is not known."""
    if names[-1] in scope.merged or (len(names) == 1 and any(one.columns is None for one in scope.sources)):
        return None
    having = [one for one in scope.sources if len(names) == 1 or one.name == names[-2]]
    having = [one for one in having if any(column.name == names[-1] for column in one.columns or ())]
    return (having[0].name, names[-1]) if len(having) == 1 and having[0].name else None


def _columns(found: Sequence[Token], scope: Scope) -> list[Column]:
    """The columns of this query in an expression; those of queries inside are not among them."""
    names: list[tuple[str, ...]] = []
    Operands(scope, lambda inner, around: None, names.append).judge(found)
    return [column for name in names for column in [_column(name, scope)] if column is not None]


def _told(found: Sequence[Token], scope: Scope) -> Iterator[Column]:
    """The columns that stand outside of aggregates."""
    values = [token.value for token in found]
    if values == ["*"] and not scope.merged:
        yield from (pair for source in scope.sources for pair in _all(source))
    elif len(values) > 2 and values[-2:] == [".", "*"]:
        yield from (pair for source in scope.sources if source.name == values[-3] for pair in _all(source))
    elif values:
        left: list[Token] = []
        place = 0
        for start, end in aggregates.calls(found, scope):
            if start < place or aggregates.windowed(found, end):
                continue
            left += [*found[place:start], Token(kind="number", value="0", start=0, end=0)]
            place = aggregates.behind(found, end)
        yield from _columns([*left, *found[place:]], scope)


def _all(source: Source) -> Iterator[Column]:
    return ((source.name, column.name) for column in source.columns or () if column.name and source.name)
