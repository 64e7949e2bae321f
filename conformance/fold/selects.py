"""Queries: whether what they read from and name is there, and which columns they give."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import aggregates, expressed, families, grouping, inference, matching, united, windows
from conformance.fold.families import TEXT, Told
from conformance.fold.grouping import Item
from conformance.fold.operands import Operands
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Output
from conformance.fold.scopes import Outputs, Scope
from conformance.fold.tokens import Cursor, Token, depths
from conformance.fold.united import Part
from conformance.model.record import replace

_MOST_ENTRIES = 1_664
"""So many columns a query gives at the most, by how PostgreSQL is built."""

_CLAUSES = frozenset(
    """union intersect except order limit offset fetch for where group having window from select values table
    into""".split()
)
_ONCE = frozenset({"from", "where", "group", "having", "order", "set", "returning"})
_JOINED = frozenset({"union", "intersect", "except"})

_BEFORE_GROUPS = {"where": "WHERE", "group": "GROUP BY"}
"""The clauses that are looked at before there is a group, so that no aggregate stands in them."""


_UNWINDOWED = frozenset({"where", "group", "having", "limit", "offset"})
"""The clauses in which no function over a window stands."""


def parts(found: Sequence[Token], words: frozenset[str] = _CLAUSES) -> list[Part]:
    """A statement cut at the words outside of parentheses that begin its clauses."""
    cut: list[tuple[str, list[Token]]] = [("", [])]
    before = ""
    for token, depth in depths(found):
        if depth == 0 and (token.kind, token.value) == ("op", ";"):
            break
        starts = depth == 0 and token.kind == "word" and token.value in words
        if starts and not ((token.value, before) in (("from", "distinct"), ("group", "within")) or before == "."):
            cut.append((token.value, []))
        else:
            cut[-1][1].append(token)
        before = token.value if token.kind != "name" else ""
    return [Part(word=word, found=tuple(inner)) for word, inner in cut if word or inner]


def judge_once(found: Sequence[Part]) -> None:
    """Raises `Refused` where a clause stands there twice."""
    words = [part.word for part in found if part.word in _ONCE]
    if len(set(words)) < len(words):
        raise Refused("syntax_error", "a clause stands there twice")


def judge(found: Sequence[Token], scope: Scope) -> Outputs:
    """The columns that a query gives. Raises `Refused` where it names what is not there."""
    from conformance.fold.reading import named

    cursor = Cursor("", list(found))
    if cursor.takes("with"):
        scope = named(cursor, scope)
    branches: list[list[Part]] = [[]]
    for part in parts(cursor.found[cursor.at :]):
        if part.word in _JOINED:
            branches.append([])
            rest = Cursor("", list(part.found))
            rest.one_of("all", "distinct")
            branches[-1] += [Part(word="", found=tuple(rest.found[rest.at :]))] if not rest.ended else []
        else:
            branches[-1].append(part)
    gives = [_branch(branch, scope, alone=len(branches) == 1) for branch in branches]
    if len(branches) == 1:
        return gives[0]
    united.judge_sorted(next((part.found for part in branches[-1] if part.word == "order"), ()), gives[0])
    return united.outputs(scope.schema, gives)


def _branch(branch: Sequence[Part], scope: Scope, *, alone: bool) -> Outputs:
    if not branch:
        raise NotUnderstood("a query is expected")
    judge_once(branch)
    first, *others = branch
    if first.word == "":
        return judge(Cursor("", list(first.found)).group().found, scope)
    if first.word == "values":
        return _values(first.found, scope)
    if first.word == "table":
        from conformance.fold.reading import source

        return source(Cursor("", list(first.found)), scope).columns
    if first.word != "select":
        raise NotUnderstood("a query is expected")
    return _select(first.found, others, scope, alone=alone)


def rows(found: Sequence[Token], scope: Scope) -> list[list[Told]]:
    """What is told of each value behind VALUES. Raises `Refused`."""
    told: list[list[Told]] = []
    for row in Cursor("", list(found)).parts():
        if row.ended:
            raise Refused("syntax_error", "nothing stands between two commas, or behind the last")
        inner = row.group()
        if not row.ended:
            raise Refused("syntax_error", "something stands behind a row of VALUES")
        told.append([judge_expression(value.found, scope) for value in inner.parts()])
        aggregates.judge_none(inner.found, scope, "VALUES")
        windows.judge_none(inner.found, "VALUES")
    if len({len(row) for row in told}) > 1:
        raise Refused("syntax_error", "the rows of VALUES are of different lengths")
    return told


def _values(found: Sequence[Token], scope: Scope) -> Outputs:
    columns = zip(*rows(found, scope), strict=True)
    return tuple(
        Output(name=f"column{n}", type=families.common(scope.schema, column, "VALUES"))
        for n, column in enumerate(columns, 1)
    )


def _select(found: Sequence[Token], others: Sequence[Part], scope: Scope, *, alone: bool) -> Outputs:
    from conformance.fold.reading import sources

    reads = next((part.found for part in others if part.word == "from"), ())
    inner = sources(reads, scope) if reads else Scope(schema=scope.schema, outer=scope, named=scope.named)
    cursor = Cursor("", list(found))
    if cursor.takes("distinct"):
        if cursor.takes("on"):
            cursor.group()
    else:
        cursor.takes("all")
    gives: tuple[Output, ...] | None = ()
    listed = cursor.parts() if not cursor.ended else []
    if len(listed) > _MOST_ENTRIES:
        raise Refused("too_many_columns", f"a query gives {_MOST_ENTRIES} columns at the most")
    items: list[Item] = []
    framed = windows.defined(next((part.found for part in others if part.word == "window"), ()))
    for item in listed:
        windows.judge(item.found[item.at :], inner, framed)
        more = output(item, inner)
        name, body = expressed.called(item.found)
        items.append(Item(name=name, found=tuple(body)))
        gives = None if gives is None or more is None else (*gives, *more)
    named = frozenset(one.name for one in gives) if gives is not None else None
    for part in others:
        if part.word in ("where", "having"):
            judge_condition(part.found, inner, part.word.upper())
            aggregates.judge_nested(part.found, inner)
        if part.word in _UNWINDOWED:
            windows.judge_none(part.found, part.word.upper())
        if part.word in _BEFORE_GROUPS:
            aggregates.judge_none(part.found, inner, _BEFORE_GROUPS[part.word])
        if part.word in ("group", "order") and gives is not None and alone:
            united.judge_places(part, gives)
        if part.word in ("group", "order") and named is not None and alone:
            _judge_sorted(part.found, replace(inner, free=inner.free | named))
    _judge_grouped(items, others, inner, named or frozenset(), alone=alone)
    return gives


def _judge_grouped(
    items: Sequence[Item], others: Sequence[Part], scope: Scope, named: frozenset[str], *, alone: bool
) -> None:
    group = next((part.found for part in others if part.word == "group"), None)
    beside = [part.found for part in others if part.word == "having"]
    for part in others if alone else ():
        sorts = Cursor("", list(part.found[1:])).parts() if part.word == "order" else ()
        beside += [tuple(one.found) for one in sorts if not (one.found and one.found[0].value in named)]
    group = () if group is None and any(part.word == "having" for part in others) else group
    grouping.judge(items, group, beside, scope)


def _judge_sorted(found: Sequence[Token], scope: Scope) -> None:
    """GROUP BY and ORDER BY, which may name what the query gives; its grouping sets are not taken apart."""
    words = {token.value for token in found if token.kind == "word"}
    if "" not in scope.free and not words & {"rollup", "cube", "sets"}:
        judge_expression(found[1:], scope)


def judge_expression(found: Sequence[Token], scope: Scope) -> Told:
    """What is told of an expression. Raises `Refused` where it names a column that is not there."""
    gives: dict[int, Outputs] = {}

    def within(inner: Sequence[Token], around: Scope) -> None:
        gives[inner[0].start] = judge(inner, around)

    Operands(scope, within).judge(found)
    matching.judge(found, scope)
    return inference.told(found, scope, gives)


def judge_condition(found: Sequence[Token], scope: Scope, where: str) -> None:
    """Raises `Refused` where a condition names a column that is not there, or is no condition."""
    families.judge_condition(scope.schema, judge_expression(found, scope), where)


def output(item: Cursor, scope: Scope) -> Outputs:
    """What an item of a select list gives; None where that is not known."""
    found = item.found[item.at :]
    if not found or found[-1].value == ",":
        raise Refused("syntax_error", "nothing stands between two commas, or behind the last")
    values = [token.value for token in found]
    if values == ["*"]:
        return scope.star()
    if len(values) >= 3 and values[-2:] == [".", "*"] and found[0].kind in ("word", "name"):
        scope_of = values[-3]
        if not any(source.name == scope_of for source in scope.sources):
            return None
        return scope.star(scope_of)
    name, body = expressed.called(found)
    told = judge_expression(body, scope)
    aggregates.judge_nested(body, scope)
    if told.columns > 1:
        raise Refused("syntax_error", "a query gives more than one column where one value is expected")
    loose = told.literal is not None or told.null
    own = expressed.name(body) if told.name is None else told.name or expressed.UNNAMED
    return (Output(name=name or own, type=TEXT if loose else told.type or expressed.type_of(body, scope), loose=loose),)
