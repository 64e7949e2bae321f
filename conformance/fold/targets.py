"""Whether the tables are there into which rows are written, or from which they are read: where they are not, a server
refuses, and all ends there."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import calls
from conformance.fold.refusals import Acting, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor, Token

_WRITING = frozenset({"insert", "update", "delete", "truncate", "merge", "copy"})
_FORMS = frozenset({"extract", "substring", "trim", "overlay", "position"})
_ROWS = frozenset({"values", "select", "default", "overriding", "with"})


def judge(schema: Schema, found: Sequence[Token]) -> None:
    """Raises `Refused` where the statement, by its first word, writes into what is not there."""
    judge_read(schema, found)
    if found[0].value not in _WRITING:
        return
    cursor = Cursor("", list(found))
    target = next(calls.targets(found), None)
    if target is None:
        return
    relation = there(schema, target)
    if relation is None:
        return
    if relation.kind in "vm" and any(word.startswith("pg_") for word in relation.mentions):
        raise Acting(f"{relation.name} may be a view of PostgreSQL's own catalogs")
    if found[0].value == "insert" and relation.kind == "r" and not relation.opaque:
        _judge_columns(relation, cursor)
    if found[0].value == "update" and relation.kind == "r" and not relation.opaque:
        _judge_set(relation, cursor)


def there(schema: Schema, name: tuple[str, ...]) -> Relation | None:
    """What the name means; None where that hangs on a statement that is not understood, which is told there."""
    if name[-1] in schema.doubtful:
        return schema.relations.get((name[-2] if len(name) > 1 else schema.path[0] if schema.path else "", name[-1]))
    return schema.relation(name)


def _judge_columns(table: Relation, cursor: Cursor) -> None:
    cursor.takes("insert", "into")
    cursor.dotted()
    if cursor.takes("as"):
        cursor.name()
    if not cursor.sees("("):
        return
    parts = cursor.group().parts()
    if cursor.ended or cursor.take().value not in _ROWS or (parts and parts[0].ended):
        return
    if parts[0].sees("select") or parts[0].sees("with"):
        return
    for part in parts:
        table.column(part.name())


def _judge_set(table: Relation, cursor: Cursor) -> None:
    """Raises `Refused` where an UPDATE sets a column that is not there, or one that is computed."""
    cursor.takes("update")
    cursor.takes("only")
    cursor.dotted()
    while not cursor.ended and not cursor.takes("set"):
        cursor.take()
    for part in Cursor("", _set(cursor)).parts():
        names = part.group().parts() if part.sees("(") else [part]
        for one in names:
            column = table.column(one.name())
            if column.generated and not (one is part and part.takes("=", "default")):
                raise Refused("generated_always", f"{column.name} is computed, and set to no value")


def _set(cursor: Cursor) -> list[Token]:
    """What stands behind SET, up to the word outside of parentheses that ends it."""
    found: list[Token] = []
    depth, before = 0, ""
    while not cursor.ended:
        token = cursor.take()
        depth += (token.value == "(") - (token.value == ")") if token.kind == "op" else 0
        ends = token.kind == "word" and token.value in ("from", "where", "returning") and before != "distinct"
        if depth == 0 and (ends or (token.kind, token.value) == ("op", ";")):
            break
        found.append(token)
        before = token.value
    return found


def judge_read(schema: Schema, found: Sequence[Token]) -> None:
    """Raises `Refused` where a query reads what is not there."""
    with_names = set(calls.named_queries(found))
    opened: list[bool] = []
    for place, token in enumerate(found):
        before = found[place - 1].value if place else ""
        if (token.kind, token.value) == ("op", "("):
            opened.append(before in _FORMS)
        elif (token.kind, token.value) == ("op", ")") and opened:
            opened.pop()
        if token.kind != "word" or token.value not in ("from", "join") or (opened and opened[-1]):
            continue
        only = place + 1 < len(found) and found[place + 1].value == "only"
        name = calls.dotted(found, place + 1 + only)
        behind = place + 2 * len(name) + only
        calling = behind < len(found) and (found[behind].kind, found[behind].value) == ("op", "(")
        if not name or before == "distinct" or calling or name[-1] in with_names or name[-1] in ("lateral", "rows"):
            continue
        if not name[0].startswith("pg_") and name[0] != "information_schema":
            there(schema, name)
