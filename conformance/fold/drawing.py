"""Defaults that draw from a sequence: they mean it whatever it is called."""

from __future__ import annotations

from collections.abc import Collection

from conformance.fold.condition import Clause
from conformance.fold.named import Name
from conformance.fold.nodes import Call, Cast, Literal, Node, changed
from conformance.fold.refusals import Acting, NotUnderstood
from conformance.fold.schema import Field, Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace
from conformance.model.sql import literal, mentions, qualified


def followed(schema: Schema, sequence: Relation, name: Name) -> Schema:
    """The schema with the defaults that draw from a sequence naming it as it is called from now on."""
    if sequence.kind != "S":
        return schema

    def anew(node: Node) -> Node:
        if not (isinstance(node, Call) and node.name == "nextval" and len(node.args) == 1):
            return node
        inner = node.args[0].arg if isinstance(node.args[0], Cast) else node.args[0]
        if not isinstance(inner, Literal) or schema.find(Cursor(inner.value).dotted()) != sequence:
            return node
        return replace(node, args=(Literal(kind="string", value=qualified(*name)),))

    def column(of: Field) -> Field:
        if of.default is None or not mentions(of.default.text, sequence.name):
            return of
        if of.default.node is None:
            raise NotUnderstood(f"whether the default of {of.name} draws from {sequence.name} cannot be told here")
        node = changed(of.default.node, anew)
        text = of.default.text if node == of.default.node else f"nextval({literal(qualified(*name))})"
        return replace(of, default=Clause(text=text, node=node))

    return schema.each(lambda table: replace(table, columns=tuple(map(column, table.columns))))


def judge(schema: Schema, sequences: Collection[int], gone: Collection[int]) -> None:
    """Raises `Acting` where another table draws from a sequence that goes, as a partition does that was detached."""
    names = [schema.numbered(number).name for number in sequences]
    if not names:
        return
    for one in schema.relations.values():
        for column in one.columns if one.number not in gone else ():
            text = column.default.text if column.default is not None and not column.inherited else ""
            if any(name in text for name in names):
                raise Acting(f"a default of {one.name} may draw from what is dropped")
