"""What queries read from: tables, functions, queries in parentheses and behind WITH, and how they are joined."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import aggregates, selects, windows
from conformance.fold.lookup import of_the_system, there
from conformance.fold.operands import RESERVED, is_query
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Output
from conformance.fold.scopes import Outputs, Scope, Source, key_of, outputs_of
from conformance.fold.tokens import Cursor, Token, depths
from conformance.model.record import replace

_WAYS = ("inner", "left outer", "left", "right outer", "right", "full outer", "full", "cross")
_JOINING = frozenset({"join", "natural", "inner", "left", "right", "full", "cross"})
_CHANGING = frozenset({"insert", "update", "delete", "merge"})


def named(cursor: Cursor, scope: Scope) -> Scope:
    """The scope with the queries behind WITH; the cursor stands behind that word."""
    recursive = cursor.takes("recursive")
    while True:
        name = cursor.name()
        columns = cursor.names() if cursor.sees("(") else ()
        cursor.needs("as")
        cursor.one_of("not materialized", "materialized")
        inner = cursor.group().found
        if recursive:
            known = tuple(Output(name=one) for one in columns) or None
            scope = replace(scope, named={**scope.named, name: known})
        gives = _within(inner, scope)
        scope = replace(scope, named={**scope.named, name: with_names(gives, columns)})
        if not cursor.takes(","):
            return scope


def _within(inner: list[Token], scope: Scope) -> Outputs:
    if inner and inner[0].kind == "word" and inner[0].value in _CHANGING:
        from conformance.fold.writing import judge

        return judge(inner, scope)
    return selects.judge(inner, scope)


def with_names(gives: Outputs, names: Sequence[str]) -> Outputs:
    """The columns, of which the first are called otherwise. Raises `Refused`."""
    if not names or gives is None:
        return tuple(Output(name=name) for name in names) if names and gives is not None else gives
    if len(names) > len(gives):
        raise Refused("invalid_column_reference", "more names than columns")
    return tuple(
        replace(one, name=name)
        for one, name in zip(gives, [*names, *(o.name for o in gives[len(names) :])], strict=True)
    )


def sources(found: Sequence[Token], scope: Scope) -> Scope:
    """The scope of what stands behind FROM. Raises `Refused` where that is not there."""
    whole = Scope(schema=scope.schema, outer=scope, named=scope.named)
    for item in Cursor("", list(found)).parts():
        inner = _joined(item, whole)
        whole = replace(whole, sources=(*whole.sources, *inner.sources), merged=whole.merged | inner.merged)
        if not item.ended:
            raise NotUnderstood("what stands behind FROM is not understood")
    names = [one.name for one in whole.sources if one.name]
    if len(set(names)) < len(names):
        raise Refused("duplicate_alias", "two that are read from have the same name")
    return whole


def _joined(cursor: Cursor, around: Scope) -> Scope:
    """One item of FROM, with what is joined to it."""
    outer = around.outer
    mine = Scope(schema=around.schema, outer=outer, named=around.named)
    mine = _with(mine, cursor, around)
    while True:
        natural = cursor.takes("natural")
        way = cursor.one_of(*_WAYS)
        if not cursor.takes("join"):
            if natural or way:
                raise NotUnderstood("JOIN is expected")
            return mine
        mine = _with(mine, cursor, replace(around, sources=(*around.sources, *mine.sources)))
        if natural:
            return Scope(
                schema=mine.schema,
                sources=(Source(name="", columns=None), *(replace(s, columns=None) for s in mine.sources)),
                outer=outer,
            )
        if cursor.takes("on"):
            condition = _condition(cursor)
            selects.judge_condition(condition, mine, "the condition of a JOIN")
            aggregates.judge_none(condition, mine, "the condition of a JOIN")
            windows.judge_none(condition, "the condition of a JOIN")
        elif cursor.takes("using"):
            mine = _using(mine, cursor)
        elif way != "cross":
            raise Refused("syntax_error", "a JOIN has ON or USING")


def _using(mine: Scope, cursor: Cursor) -> Scope:
    columns = cursor.names()
    for column in columns:
        if not mine.sources[-1].may_have(column) or not any(one.may_have(column) for one in mine.sources[:-1]):
            raise Refused("undefined_column", f"the column {column} of USING is not on both sides")
    if cursor.takes("as"):
        raise NotUnderstood("USING … AS is not understood")
    return replace(mine, merged=mine.merged | set(columns))


def _condition(cursor: Cursor) -> list[Token]:
    """What stands behind ON, up to the next JOIN."""
    found: list[Token] = []
    for token, depth in depths(cursor.found, cursor.at):
        follows = cursor.peek(1)
        calling = follows is not None and (follows.kind, follows.value) == ("op", "(")
        if depth == 0 and token.kind == "word" and token.value in _JOINING and not calling:
            break
        found.append(cursor.take())
    return found


def _with(mine: Scope, cursor: Cursor, around: Scope) -> Scope:
    """The scope with what comes next. `around` is what functions, and queries behind LATERAL, may name."""
    if cursor.sees("(") and not is_query(cursor.found[cursor.at :]):
        inner = _joined(cursor.group(), around)
        if not (cursor.ended or cursor.sees("join")) and _may_be_alias(cursor):
            raise NotUnderstood("a join with a name is not understood")
        return replace(mine, sources=(*mine.sources, *inner.sources), merged=mine.merged | inner.merged)
    return replace(mine, sources=(*mine.sources, source(cursor, around)))


def source(cursor: Cursor, around: Scope) -> Source:
    """A table, a function or a query, with the name that it has there."""
    lateral = cursor.takes("lateral")
    cursor.takes("only")
    name, columns = "", None
    key: tuple[str, ...] = ()
    if cursor.sees("("):
        outer = around if lateral else around.outer
        columns = selects.judge(cursor.group().found, outer or Scope(schema=around.schema, named=around.named))
    elif cursor.takes("rows", "from"):
        cursor.group()
    else:
        names = cursor.dotted()
        name = names[-1]
        if cursor.sees("("):
            inner = cursor.group()
            if name not in ("xmltable", "json_table"):
                selects.judge_expression(inner.found, around)
        elif len(names) == 1 and (found := _query_of(name, around)) is not None:
            columns = found[0]
        else:
            relation = None if of_the_system(names) else there(around.schema, names)
            columns = None if relation is None else outputs_of(around.schema, relation)
            key = () if relation is None else key_of(relation)
    cursor.takes("*")
    cursor.takes("with", "ordinality")
    return _aliased(cursor, Source(name=name, columns=columns, key=key))


def _query_of(name: str, scope: Scope) -> tuple[Outputs] | None:
    """What the query of that name behind WITH gives, if there is one."""
    inner: Scope | None = scope
    while inner is not None:
        if name in inner.named:
            return (inner.named[name],)
        inner = inner.outer
    return None


def _aliased(cursor: Cursor, source: Source) -> Source:
    name, columns, key = source.name, source.columns, source.key
    if cursor.takes("as"):
        if cursor.sees("("):
            cursor.group()
            return Source(name=name, columns=None)
        name = cursor.name()
    elif _may_be_alias(cursor):
        name = cursor.take().value
    if cursor.sees("("):
        inner = cursor.group()
        plain = all(token.kind in ("word", "name") or token.value == "," for token in inner.found)
        parts = inner.parts()
        if any(part.ended for part in parts):
            raise Refused("syntax_error", "nothing stands between two commas, or behind the last")
        names = [part.take().value for part in parts]
        columns = with_names(columns, names) if plain and all(len(part.found) == 1 for part in parts) else None
        key = None
    if cursor.takes("tablesample"):
        cursor.name()
        cursor.group()
        if cursor.takes("repeatable"):
            cursor.group()
    return Source(name=name, columns=columns, key=key)


def _may_be_alias(cursor: Cursor) -> bool:
    token = cursor.peek()
    if token is None or token.kind not in ("word", "name"):
        return False
    return token.kind == "name" or token.value not in RESERVED
