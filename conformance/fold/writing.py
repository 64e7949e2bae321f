"""INSERT, UPDATE, DELETE and MERGE: whether the columns that they name are there, and the key of ON CONFLICT."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import aggregates, given, reading, selects, skimming, windows
from conformance.fold.arbiters import judge_conflict
from conformance.fold.families import Told
from conformance.fold.lookup import of_the_system, there
from conformance.fold.refusals import Acting, NotUnderstood, Refused, as_far_as_understood
from conformance.fold.schema import Relation, Schema
from conformance.fold.scopes import Outputs, Scope, Source, outputs_of
from conformance.fold.standing import judge_depth
from conformance.fold.tokens import Cursor, Token, depths
from conformance.model.record import replace

_OF_UPDATE = frozenset({"set", "from", "where", "returning"})
_OF_DELETE = frozenset({"using", "where", "returning"})


def outputs(
    schema: Schema, found: Sequence[Token], free: frozenset[str] = frozenset(), *, block: bool = False
) -> Outputs:
    """What a statement about rows gives, where that is known; `free` are names that are no columns, and in a `block`
    any may be one of a variable. Raises `Refused` where it names what is not there."""
    judge_depth(found)
    with as_far_as_understood():
        return judge(found, Scope(schema=schema, free=free, block=block))
    skimming.judge(schema, found)
    return None


def judge(found: Sequence[Token], scope: Scope) -> Outputs:
    """What the statement gives back. Raises `Refused` where it names what is not there."""
    cursor = Cursor("", list(found))
    if cursor.takes("with"):
        scope = reading.named(cursor, scope)
    rest = cursor.found[cursor.at :]
    if cursor.takes("insert"):
        return _insert(cursor, scope)
    if cursor.takes("update"):
        return _update(rest, scope)
    if cursor.takes("delete"):
        return _delete(rest, scope)
    if cursor.takes("merge"):
        return _merge(cursor, scope)
    if cursor.takes("copy"):
        return _copy(cursor, scope)
    return selects.judge(rest, scope)


def _copy(cursor: Cursor, scope: Scope) -> Outputs:
    if cursor.sees("("):
        return judge(cursor.group().found, scope)
    _, inner = _target(cursor, scope)
    for part in cursor.group().parts() if cursor.sees("(") else ():
        inner.judge((part.take().value,))
    return None


def _needs(cursor: Cursor, word: str) -> None:
    if not cursor.takes(word):
        raise Refused("syntax_error", f"{word.upper()} is missing")


def _target(cursor: Cursor, scope: Scope) -> tuple[Relation | None, Scope]:
    """The table that is written into, and the scope in which its columns are seen."""
    cursor.takes("only")
    names = cursor.dotted()
    relation = None if of_the_system(names) else there(scope.schema, names)
    if relation is not None and relation.kind in "vm" and any(word.startswith("pg_") for word in relation.mentions):
        raise Acting(f"{relation.name} may be a view of PostgreSQL's own catalogs")
    cursor.takes("*")
    alias = names[-1]
    token = cursor.peek()
    if cursor.takes("as") or (token is not None and token.kind == "word" and token.value not in _NO_ALIAS):
        alias = cursor.name()
    gives = outputs_of(scope.schema, relation) if relation is not None else None
    source = Source(name=alias, columns=gives)
    return relation, Scope(schema=scope.schema, sources=(source,), outer=scope, named=scope.named)


_NO_ALIAS = frozenset(
    {"set", "using", "where", "returning", "values", "select", "default", "overriding", "with", "on", "from", "to"}
)


def _insert(cursor: Cursor, scope: Scope) -> Outputs:
    _needs(cursor, "into")
    relation, inner = _target(cursor, scope)
    table = inner.sources[0].columns
    columns: tuple[str, ...] = ()
    whole = True
    if cursor.sees("(") and not _queried(cursor):
        parts = cursor.group().parts()
        whole = all(len(part.found) == 1 for part in parts)
        columns = tuple(part.take().value for part in parts)
        if whole and len(set(columns)) < len(columns):
            raise Refused("duplicate_column", "a column is named twice")
        for name in columns:
            inner.sources[0].judge(name)
    overriding = cursor.one_of("overriding system value", "overriding user value")
    if cursor.takes("default", "values"):
        behind = cursor.found[cursor.at :]
    else:
        query, behind = _until(cursor.found[cursor.at :], "on conflict", "returning")
        into = (columns if whole else ()) if columns else tuple(one.name for one in table or ())
        cut = selects.parts(query)
        if [part.word for part in cut] == ["values"]:
            rows = selects.rows(cut[0].found, scope)
            _judge_width(rows[0], columns, table)
            for row in rows:
                for name, told in zip(into, row, strict=False):
                    given.judge_told(scope.schema, told, inner.sources[0], name)
        else:
            gives = selects.judge(query, scope)
            _judge_width(gives, columns, table)
            for name, one in zip(into, gives or (), strict=False):
                given.judge_told(scope.schema, Told(type=None if one.loose else one.type), inner.sources[0], name)
        if relation is not None and table is not None:
            given.judge_rows(scope.schema, relation, columns, query, overriding=bool(overriding))
    rest = Cursor("", list(behind))
    if rest.takes("on", "conflict"):
        conflict, returned = _until(rest.found[rest.at :], "returning")
        judge_conflict(conflict, relation, inner)
        rest = Cursor("", list(returned))
    return _returning(rest, inner)


def _queried(cursor: Cursor) -> bool:
    from conformance.fold.operands import is_query

    return is_query(cursor.found[cursor.at :])


def _judge_width(gives: Sequence[object] | None, columns: Sequence[str], table: Outputs) -> None:
    if gives is None:
        return
    if columns and len(gives) != len(columns):
        raise Refused("syntax_error", f"{len(columns)} columns, and {len(gives)} values")
    if not columns and table is not None and len(gives) > len(table):
        raise Refused("syntax_error", f"{len(gives)} values for {len(table)} columns")


def _until(found: Sequence[Token], *heads: str) -> tuple[list[Token], list[Token]]:
    """What stands in front of the first of these words outside of parentheses, and what stands from there on."""
    for at, (token, depth) in enumerate(depths(found)):
        if depth == 0 and token.kind == "word":
            follows = found[at + 1].value if at + 1 < len(found) else ""
            if token.value in heads or f"{token.value} {follows}" in heads:
                return list(found[:at]), list(found[at:])
    return list(found), []


def _returning(cursor: Cursor, scope: Scope) -> Outputs:
    if not cursor.takes("returning"):
        if not cursor.ended and not cursor.sees(";"):
            raise NotUnderstood("what follows is not understood")
        return ()
    return _returned(cursor.found[cursor.at :], scope)


def _returned(found: Sequence[Token], scope: Scope) -> Outputs:
    if [token.value for token in found[:2]] == ["with", "("]:
        return None
    first = scope.sources[0]
    both = tuple(Source(name=name, columns=()) for name in ("old", "new") if scope.schema.major >= 18)
    inner = replace(scope, sources=(*scope.sources, *(replace(one, columns=first.columns) for one in both)))
    gives: Outputs = ()
    text = [token for token in found if token.value != ";"]
    for item in Cursor("", text).parts():
        alone = [token.value for token in item.found if token.kind in ("word", "name")]
        more = selects.output(item, inner if {"old", "new"} & set(alone) else scope)
        aggregates.judge_none(item.found, replace(scope, outer=None), "RETURNING")
        windows.judge_none(item.found, "RETURNING")
        gives = None if gives is None or more is None else (*gives, *more)
    return gives


def _update(found: Sequence[Token], scope: Scope) -> Outputs:
    cut = _clauses(found, _OF_UPDATE)
    relation, inner = _target(Cursor("", list(cut.get("", ()))), scope)
    if "set" not in cut:
        raise Refused("syntax_error", "SET is missing")
    target = inner.sources[0]
    if "from" in cut:
        inner = _beside(inner, reading.sources(cut["from"], scope))
    judge_set(cut["set"], target, inner)
    if relation is not None and target.columns is not None:
        given.judge_set(scope.schema, relation, cut["set"])
    if "where" in cut:
        _judge_where(cut["where"], inner)
    return _returned(cut["returning"], inner) if "returning" in cut else ()


def _delete(found: Sequence[Token], scope: Scope) -> Outputs:
    cut = _clauses(found, _OF_DELETE)
    head = Cursor("", list(cut.get("", ())))
    _needs(head, "from")
    _, inner = _target(head, scope)
    if "using" in cut:
        inner = _beside(inner, reading.sources(cut["using"], scope))
    if "where" in cut:
        _judge_where(cut["where"], inner)
    return _returned(cut["returning"], inner) if "returning" in cut else ()


def _clauses(found: Sequence[Token], words: frozenset[str]) -> dict[str, tuple[Token, ...]]:
    parts = selects.parts(found[1:], words)
    selects.judge_once(parts)
    return {part.word: part.found for part in parts}


def _judge_where(found: Sequence[Token], scope: Scope) -> None:
    if [token.value for token in found[:2]] != ["current", "of"]:
        selects.judge_condition(found, scope, "WHERE")
        aggregates.judge_none(found, replace(scope, outer=None), "WHERE")
        windows.judge_none(found, "WHERE")


def _beside(target: Scope, others: Scope) -> Scope:
    return replace(target, sources=(*target.sources, *others.sources), merged=others.merged)


def judge_set(found: Sequence[Token], target: Source, scope: Scope) -> None:
    """Raises `Refused` where a column that is set, or what it is set to, is not there."""
    for part in Cursor("", list(found)).parts():
        if part.ended:
            raise Refused("syntax_error", "nothing stands between two commas, or behind the last")
        several = part.sees("(")
        names = [one.take().value for one in part.group().parts()] if several else [part.take().value]
        for name in names:
            target.judge(name)
        whole = not (several or part.sees("[") or part.sees("."))
        while part.sees("[") or part.sees("."):
            part.take()
            while not part.ended and not part.sees("="):
                part.take()
        part.needs("=")
        told = selects.judge_expression(part.found[part.at :], scope)
        if whole and len(names) == 1:
            given.judge_told(scope.schema, told, target, names[0])
        aggregates.judge_none(part.found[part.at :], replace(scope, outer=None), "SET")
        windows.judge_none(part.found[part.at :], "SET")


def _merge(cursor: Cursor, scope: Scope) -> Outputs:
    _needs(cursor, "into")
    _, inner = _target(cursor, scope)
    _needs(cursor, "using")
    whole = _beside(inner, Scope(schema=scope.schema, sources=(reading.source(cursor, inner),)))
    _needs(cursor, "on")
    cut = selects.parts(cursor.found[cursor.at :], frozenset({"when", "returning"}))
    selects.judge_condition(cut[0].found, whole, "ON")
    for part in cut[1:]:
        if part.word == "when":
            _judge_when(part.found, inner.sources[0], whole)
    return None


def _judge_when(found: Sequence[Token], target: Source, scope: Scope) -> None:
    condition, deed = _until(found, "then")
    asked = _until(condition, "and")[1]
    selects.judge_condition(asked[1:], scope, "WHEN")
    cursor = Cursor("", deed)
    _needs(cursor, "then")
    if cursor.takes("update", "set"):
        judge_set([token for token in cursor.found[cursor.at :] if token.value != ";"], target, scope)
    elif cursor.takes("insert") and cursor.sees("("):
        for name in (part.take().value for part in cursor.group().parts()):
            target.judge(name)
