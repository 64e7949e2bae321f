"""The definition of a column, and the constraints that stand with it or in a table: read, not yet made."""

from __future__ import annotations

from conformance.fold import storage
from conformance.fold.condition import Clause
from conformance.fold.constraint import Constraint, ConstraintKind
from conformance.fold.keys import taken_key
from conformance.fold.meaning import clause
from conformance.fold.nodes import TypeName
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Key
from conformance.fold.syntax import plain_expression
from conformance.fold.tokens import Cursor, Token
from conformance.fold.type_names import collation, type_name
from conformance.model.record import Record

_ACTIONS = ("no action", "restrict", "cascade", "set null", "set default")
_BEHIND = frozenset("not null no primary deferrable initially enforced options with generated using".split())
_STARTS = ("constraint", "check", "unique", "primary", "foreign", "exclude", "not")


class Definition(Record):
    """A column as it is written."""

    name: str
    type: TypeName
    constraints: tuple[Constraint, ...] = ()
    default: Clause | None = None
    identity: str = ""
    generated: str = ""
    collation: tuple[str, ...] = ()
    null: bool = False


def starts_constraint(cursor: Cursor) -> bool:
    """Whether a constraint of a table comes next, and no column."""
    token = cursor.peek()
    return token is not None and token.kind == "word" and token.value in _STARTS


def definition(cursor: Cursor, major: int) -> Definition:
    """Take a column with all that belongs to it."""
    name, of = cursor.name(), type_name(cursor)
    found: dict[str, object] = {}
    constraints: list[Constraint] = []
    while not cursor.ended:
        if cursor.sees("collate") and "collation" in found:
            raise cursor.odd("one collation is enough")
        if cursor.takes("collate"):
            found["collation"] = collation(cursor)
        elif cursor.one_of("storage", "compression"):
            cursor.label()
        elif cursor.takes("default"):
            if found.keys() & {"default", "identity", "generated"}:
                raise cursor.odd("a column has one default, and none where it is generated")
            found["default"] = default(cursor)
        else:
            own = cursor.name() if cursor.takes("constraint") else ""
            if cursor.takes("null"):
                found["null"] = True
            elif cursor.takes("generated"):
                if found.keys() & {"default", "identity", "generated"}:
                    raise cursor.odd("a column is generated in one way, and has no default then")
                found |= _generated(cursor, major)
            else:
                constraints.append(_of_column(cursor, name, own, major))
    return Definition(name=name, type=of, constraints=tuple(constraints), **found)  # type: ignore[arg-type]


def default(cursor: Cursor) -> Clause:
    """Take the expression behind DEFAULT."""
    start = cursor.at
    try:
        node = plain_expression(cursor)
    except Refused:
        raise
    except NotUnderstood:
        cursor.at = start
        return Clause(text=_skipped(cursor), node=None)
    return Clause(text=cursor.text[cursor.found[start].start : cursor.found[cursor.at - 1].end], node=node)


def _skipped(cursor: Cursor) -> str:
    """The text of an expression that is not understood: all up to a word that can only stand behind one."""
    first, depth = cursor.at, 0
    while not cursor.ended:
        token = cursor.take()
        _judge_query(token)
        depth += (token.value in "([") - (token.value in ")]") if token.kind == "op" else 0
        ends = ("not", "null", "check", "unique", "primary", "references", "constraint", "generated", "collate")
        follows = cursor.peek()
        if depth == 0 and follows is not None and follows.kind == "word" and follows.value in ends:
            break
    if cursor.at == first:
        raise cursor.odd("a default is expected")
    return cursor.text[cursor.found[first].start : cursor.found[cursor.at - 1].end]


def _generated(cursor: Cursor, major: int) -> dict[str, object]:
    always = cursor.takes("always")
    if not always:
        cursor.needs("by", "default")
    cursor.needs("as")
    if cursor.takes("identity"):
        if cursor.sees("("):
            cursor.group()
        return {"identity": "always" if always else "by default"}
    expression = clause(cursor.group())
    kept = cursor.one_of("stored", "virtual") or "virtual"
    if kept == "virtual" and major < 18:
        raise NotUnderstood("a virtual generated column needs PostgreSQL 18")
    return {"generated": kept, "default": expression}


def _of_column(cursor: Cursor, column: str, name: str, major: int) -> Constraint:
    if cursor.takes("not", "null"):
        no_inherit = cursor.takes("no", "inherit")
        return _attributed(
            cursor, Constraint(kind="not null", name=name, columns=(column,), no_inherit=no_inherit), major
        )
    if cursor.takes("check"):
        return _check(cursor, name, major)
    if cursor.takes("references"):
        return _references(cursor, name, (column,), major)
    if cursor.takes("unique"):
        return _key(cursor, "unique", name, (column,), major)
    if cursor.takes("primary", "key"):
        return _key(cursor, "primary", name, (column,), major)
    token = cursor.peek()
    if not name and token is not None and token.kind == "word" and token.value not in _BEHIND:
        raise Refused("syntax_error", f"{token.value} stands where a constraint of the column is expected")
    raise cursor.odd("a constraint of the column is expected")


def of_table(cursor: Cursor, major: int) -> Constraint:
    """Take a constraint of a table."""
    name = cursor.name() if cursor.takes("constraint") else ""
    if cursor.takes("check"):
        return _check(cursor, name, major)
    if cursor.takes("not", "null"):
        if major < 18:
            raise NotUnderstood("NOT NULL as a constraint of the table needs PostgreSQL 18")
        return _attributed(cursor, Constraint(kind="not null", name=name, columns=(cursor.name(),)), major)
    if cursor.takes("foreign", "key"):
        columns = cursor.names()
        cursor.needs("references")
        return _references(cursor, name, columns, major)
    if cursor.takes("exclude"):
        return _exclusion(cursor, name, major)
    kind: ConstraintKind = "unique"
    if cursor.takes("primary", "key"):
        kind = "primary"
    elif not cursor.takes("unique"):
        raise cursor.odd("this constraint is not known here")
    if cursor.takes("using", "index"):
        return _attributed(cursor, Constraint(kind=kind, name=name, index=cursor.name()), major)
    return _key(cursor, kind, name, (), major)


def _judge_query(token: Token) -> None:
    if (token.kind, token.value) == ("word", "select"):
        raise Refused("feature_not_supported", "a default or a CHECK has no queries in it")


def _check(cursor: Cursor, name: str, major: int) -> Constraint:
    inner = cursor.group()
    for token in inner.found:
        _judge_query(token)
    expression = clause(inner)
    no_inherit = cursor.takes("no", "inherit")
    return _attributed(cursor, Constraint(kind="check", name=name, clause=expression, no_inherit=no_inherit), major)


def _key(cursor: Cursor, kind: ConstraintKind, name: str, columns: tuple[str, ...], major: int) -> Constraint:
    together = False
    if kind == "unique":
        together = cursor.takes("nulls", "not", "distinct")
        if not together:
            cursor.takes("nulls", "distinct")
        elif major < 15:
            raise NotUnderstood("NULLS NOT DISTINCT needs PostgreSQL 15")
    columns = columns or cursor.names()
    include = _included(cursor, "btree", major)
    made = Constraint(kind=kind, name=name, columns=columns, include=include, nulls_not_distinct=together)
    return _attributed(cursor, made, major)


def _included(cursor: Cursor, method: str, major: int) -> tuple[str, ...]:
    """Take what stands behind the columns of a key: those that it includes, and how it is stored."""
    include = cursor.names() if cursor.takes("include") else ()
    if cursor.takes("with"):
        storage.judge(method, cursor.group(), major)
    if cursor.takes("using", "index", "tablespace"):
        cursor.name()
    return include


def _exclusion(cursor: Cursor, name: str, major: int) -> Constraint:
    method = cursor.name() if cursor.takes("using") else "btree"
    keys, excludes = list[Key](), list[str]()
    for part in cursor.group().parts():
        end = next((n for n, token in enumerate(part.found) if (token.kind, token.value) == ("word", "with")), None)
        if end is None:
            raise part.odd("WITH and an operator are expected")
        keys.append(taken_key(Cursor(part.text, part.found[:end])))
        part.at = end + 1
        excludes.append(part.take().value)
        part.ends()
    made = Constraint(
        kind="exclude",
        name=name,
        method=method,
        keys=tuple(keys),
        excludes=tuple(excludes),
        include=_included(cursor, method, major),
        clause=clause(cursor.group()) if cursor.takes("where") else None,
    )
    return _attributed(cursor, made, major)


def _references(cursor: Cursor, name: str, columns: tuple[str, ...], major: int) -> Constraint:
    target = cursor.dotted()
    target_columns = cursor.names() if cursor.sees("(") else ()
    found: dict[str, object] = {}
    while True:
        if cursor.takes("match"):
            found["match"] = cursor.one_of("full", "simple")
            if not found["match"]:
                raise Refused("feature_not_supported", "a foreign key matches FULL or SIMPLE")
        elif cursor.takes("on", "delete"):
            found["on_delete"] = _action(cursor)
            if cursor.sees("("):
                found["delete_columns"] = cursor.names()
        elif cursor.takes("on", "update"):
            found["on_update"] = _action(cursor)
        else:
            break
    made = Constraint(
        kind="foreign", name=name, columns=columns, target=target, target_columns=target_columns, **found  # type: ignore[arg-type]
    )  # fmt: skip
    return _attributed(cursor, made, major)


def _action(cursor: Cursor) -> str:
    found = cursor.one_of(*_ACTIONS)
    if not found:
        raise cursor.odd("an action is expected")
    return found


def _attributed(cursor: Cursor, constraint: Constraint, major: int) -> Constraint:
    from conformance.model.record import replace

    while True:
        if cursor.takes("not", "valid"):
            if constraint.kind == "not null" and major < 18:
                raise NotUnderstood("NOT NULL … NOT VALID needs PostgreSQL 18")
            constraint = replace(constraint, validated=False)
        elif cursor.takes("not", "enforced"):
            if major < 18:
                raise NotUnderstood("NOT ENFORCED needs PostgreSQL 18")
            constraint = replace(constraint, enforced=False, validated=False)
        elif cursor.takes("deferrable") or cursor.takes("initially", "deferred"):
            constraint = replace(constraint, deferrable=True)
        elif not (
            cursor.takes("not", "deferrable")
            or cursor.takes("initially", "immediate")
            or cursor.takes("enforced")
            or (constraint.kind == "check" and cursor.takes("no", "inherit"))
        ):
            return constraint
