"""Whether the tables are there into which rows are written, or from which they are read: where they are not, a server
refuses, and all ends there."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import calls
from conformance.fold.refusals import Acting
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


def judge_read(schema: Schema, found: Sequence[Token]) -> None:
    """Raises `Refused` where a query reads what is not there."""
    with_names = set(calls.named_queries(found))
    opened: list[bool] = []
    for place, token in enumerate(found):
        before = found[place - 1].value if place else ""
        if token.kind == "op" and token.value in "()":
            opened = [*opened, before in _FORMS] if token.value == "(" else opened[:-1]
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
