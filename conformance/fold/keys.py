"""The keys of an index as they are written, and what PostgreSQL calls them."""

from __future__ import annotations

from conformance.fold.condition import Clause
from conformance.fold.nodes import Array, Call, Cast, Coalesce, Column, Node, Word
from conformance.fold.reference import Reference
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Field, Key, KeyIndex, Relation, Schema
from conformance.fold.syntax import expression
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import collation

_BARE_ROOTS = 15
"""From which major on the triggers of a foreign key are on the partitioned table too."""


def taken_key(cursor: Cursor) -> Key:
    """Take a key, with all that belongs to it."""
    token, follows = cursor.peek(), cursor.peek(1)
    plain = token is not None and token.kind in ("word", "name")
    called = follows is not None and follows.kind == "op" and follows.value in ("(", ".")
    column: str | None = None
    made: Clause | None = None
    if plain and not called:
        column = cursor.name()
    else:
        start = cursor.at
        node = expression(cursor)
        text = cursor.text[cursor.found[start].start : cursor.found[cursor.at - 1].end]
        column = node.name if isinstance(node, Column) and not node.of else None
        made = None if column else Clause(text=text, node=node)
    ordered = collation(cursor) if cursor.takes("collate") else ()
    opclass = ""
    if not cursor.ended and not (cursor.sees("asc") or cursor.sees("desc") or cursor.sees("nulls")):
        opclass = cursor.dotted()[-1]
        if cursor.sees("("):
            cursor.group()
    descending = cursor.takes("desc")
    cursor.takes("asc")
    nulls_first = descending
    if cursor.takes("nulls", "first"):
        nulls_first = True
    elif cursor.takes("nulls", "last"):
        nulls_first = False
    if not cursor.ended:
        raise cursor.odd("the key of the index should end")
    return Key(
        column=column,
        clause=made,
        opclass=opclass,
        collation=ordered,
        descending=descending,
        nulls_first=nulls_first,
    )


def called(key: Key) -> str:
    """What an index without a name is named after."""
    if key.column is not None:
        return key.column
    return _figured(key.clause.node if key.clause is not None else None) or "expr"


def _figured(node: Node | None) -> str:
    """What PostgreSQL calls an expression, or "" where it has no name."""
    match node:
        case Call() | Column():
            return node.name
        case Cast():
            return _figured(node.arg) or node.type.name
        case Coalesce():
            return "coalesce"
        case Array():
            return "array"
        case Word():
            return node.word
    return ""


def arbitrates(index: KeyIndex, columns: tuple[str, ...]) -> bool:
    """Whether a foreign key can point to these columns, since the index is of them."""
    plain = index.unique and index.immediate and index.predicate is None and len(index.columns) == len(index.keys)
    return plain and set(index.columns) == set(columns)


def judge_reference(schema: Schema, table: Relation, key: Reference) -> None:
    """Raises `NotUnderstood` for a foreign key that partitions are part of, where it is not known how it is kept."""
    target = schema.numbered(key.target)
    if "p" not in (table.kind, target.kind):
        return
    if schema.major < _BARE_ROOTS:
        raise NotUnderstood("how a foreign key is kept in partitions is known from PostgreSQL 15 on")
    if target.kind == "p" or not key.enforced or not key.validated:
        raise NotUnderstood(f"how {key.name} is kept in partitions is not known here")


def judge_stored(column: Field) -> None:
    """Raises `Refused` where an index is on a column that is computed when it is read."""
    if column.generated == "virtual":
        raise Refused("feature_not_supported", f"{column.name} is virtual, and cannot be in an index")
