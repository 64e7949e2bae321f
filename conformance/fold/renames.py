"""RENAME and SET SCHEMA: of a table, a column, a constraint; what names them goes along."""

from __future__ import annotations

from conformance.fold import drawing, opaque, policies
from conformance.fold.condition import Clause
from conformance.fold.indexes import renamed as renamed_index
from conformance.fold.nodes import Column, Node, changed
from conformance.fold.reference import Reference
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace
from conformance.model.sql import mentions


def within(schema: Schema, table: Relation, cursor: Cursor) -> Schema:
    """What stands behind ALTER TABLE … RENAME."""
    if cursor.takes("to"):
        name = cursor.name()
        cursor.ends()
        return renamed(schema, table, name)
    opaque.judge(table)
    if cursor.takes("constraint"):
        old = cursor.name()
        cursor.needs("to")
        new = cursor.name()
        cursor.ends()
        return _constraint(schema, table, old, new)
    cursor.takes("column")
    old = cursor.name()
    cursor.needs("to")
    new = cursor.name()
    cursor.ends()
    return renamed_column(schema, table, old, new)


def renamed(schema: Schema, relation: Relation, name: str) -> Schema:
    """The schema with a relation under another name."""
    schema.judge_free((relation.schema, name))
    _judge_views(schema, relation)
    schema = drawing.followed(schema, relation, (relation.schema, name))
    schema = schema.put(replace(schema.numbered(relation.number), name=name))
    return schema.each(lambda r: policies.renamed(r, relation.name, name), schema.relations.tied(policies=True))


def moved(schema: Schema, table: Relation, space: str) -> Schema:
    """The schema with a table in another one, and with it its sequences."""
    if space not in schema.namespaces:
        raise Refused("invalid_schema_name", f"there is no schema {space} here")
    if space == table.schema:
        return schema
    _judge_views(schema, table)
    for index in table.indexes:
        schema.judge_free((space, index.name))
    for one in (table, *schema.relations.owned((table.number,))):
        schema.judge_free((space, one.name))
        schema = drawing.followed(schema, one, (space, one.name))
        schema = schema.put(replace(schema.numbered(one.number), schema=space))
    return schema


def _judge_views(schema: Schema, relation: Relation) -> None:
    for view in schema.relations.tied(views=True):
        if view.kind in "vm" and view.number != relation.number and relation.name in view.mentions:
            raise NotUnderstood(f"what the view {view.name} becomes is not known here")


def _constraint(schema: Schema, table: Relation, old: str, new: str) -> Schema:
    names = list(table.constraint_names())
    if old not in names:
        raise Refused("undefined_object", f"{table.name} has no constraint {old} here")
    if new in names:
        raise Refused("duplicate_object", f"{table.name} has a constraint {new} already")
    for index in table.indexes:
        if index.name == old and index.constraint:
            schema.judge_free((table.schema, new))
            return renamed_index(schema, table, index, new)
    made = replace(
        table,
        checks=tuple(replace(one, name=new) if one.name == old else one for one in table.checks),
        references=tuple(replace(one, name=new) if one.name == old else one for one in table.references),
        columns=tuple(replace(one, not_null=new) if one.not_null == old else one for one in table.columns),
    )
    return schema.put(made)


def renamed_column(schema: Schema, table: Relation, old: str, new: str) -> Schema:
    """The schema with a column under another name."""
    table.column(old)
    if table.has(new):
        raise Refused("duplicate_column", f"{table.name} has a column {new} already")
    _judge_views(schema, table)

    def name(found: str) -> str:
        return new if found == old else found

    def names(found: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(name, found))

    def clause(found: Clause | None) -> Clause | None:
        if found is None:
            return None
        if found.node is None:
            if mentions(found.text, old):
                raise NotUnderstood(f"an expression that is not understood names {old}")
            return found
        return replace(found, node=changed(found.node, _of_node))

    def _of_node(node: Node) -> Node:
        return replace(node, name=name(node.name)) if isinstance(node, Column) else node

    def reference(key: Reference, of: int) -> Reference:
        own = replace(key, columns=names(key.columns), delete_columns=names(key.delete_columns))
        key = own if of == table.number else key
        return replace(key, target_columns=names(key.target_columns)) if key.target == table.number else key

    schema = schema.each(
        lambda r: replace(
            policies.renamed(r, old, new),
            references=tuple(reference(key, r.number) for key in r.references),
            owner=(r.owner[0], name(r.owner[1])) if r.owner and r.owner[0] == table.number else r.owner,
        ),
        [table, *(r for r in schema.relations.tied(policies=True, to=(table.number,)) if r.number != table.number)],
    )
    table = schema.numbered(table.number)
    made = replace(
        table,
        columns=tuple(replace(c, name=name(c.name), default=clause(c.default)) for c in table.columns),
        checks=tuple(replace(c, clause=clause(c.clause) or c.clause) for c in table.checks),
        indexes=tuple(
            replace(
                index,
                keys=tuple(
                    replace(key, column=key.column and name(key.column), clause=clause(key.clause))
                    for key in index.keys
                ),
                include=names(index.include),
                predicate=clause(index.predicate),
            )
            for index in table.indexes
        ),
        split=table.split and replace(table.split, columns=names(table.split.columns)),
        reactions=tuple(
            replace(one, update_columns=names(one.update_columns), when=clause(one.when)) for one in table.reactions
        ),
    )
    return schema.put(made)
