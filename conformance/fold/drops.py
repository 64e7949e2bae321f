"""A column taken away, with what hangs on it."""

from __future__ import annotations

from conformance.fold import constraints, drawing, policies
from conformance.fold.condition import Clause
from conformance.fold.mentioning import EVERY
from conformance.fold.nodes import columns_in
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import KeyIndex, Relation, Schema
from conformance.model.record import replace
from conformance.model.sql import mentions


def seen(table: Relation, view: Relation, column: str) -> bool:
    """Whether a view may be about a column of the table."""
    return view.kind in "vm" and table.name in view.mentions and not view.mentions.isdisjoint({column, EVERY})


def speaks_of(clause: Clause | None, name: str) -> bool:
    """Whether an expression is about the column; one that is not understood is, if it names it."""
    if clause is None:
        return False
    return mentions(clause.text, name) if clause.node is None else name in columns_in(clause.node)


def index_has(index: KeyIndex, name: str) -> bool:
    """Whether an index is about the column."""
    inside = any(speaks_of(key.clause, name) for key in index.keys) or speaks_of(index.predicate, name)
    return name in index.columns or name in index.include or inside


def drop_column(schema: Schema, table: Relation, name: str, *, cascade: bool) -> Schema:
    """The schema without a column, and without what is about it. Raises `NotUnderstood`."""
    table.column(name)
    number = table.number
    _judge(schema, table, name, cascade=cascade)
    for index in table.indexes:
        if index_has(index, name):
            schema = constraints.drop_index(schema, schema.numbered(number), index.name, cascade=cascade)
    table = schema.numbered(number)
    owned = {one.number for one in schema.relations.owned((number,), name)}
    table = replace(
        table,
        columns=tuple(column for column in table.columns if column.name != name),
        checks=tuple(check for check in table.checks if not speaks_of(check.clause, name)),
        references=tuple(key for key in table.references if name not in key.columns),
    )
    drawing.judge(schema, owned, {number})
    return schema.put(table).without(*owned)


def _judge(schema: Schema, table: Relation, name: str, *, cascade: bool) -> None:
    policies.judge_column(schema, table, name)
    for column in table.columns:
        if column.generated and column.name != name and speaks_of(column.default, name):
            raise Acting(f"{column.name} is computed from {name}")
    for trigger in table.reactions:
        if name in trigger.update_columns or speaks_of(trigger.when, name):
            if cascade:
                raise NotUnderstood(f"the trigger {trigger.name} goes with {name}, which is not known here")
            raise Refused("dependent_objects_still_exist", f"the trigger {trigger.name} is about {name}")
    for view in schema.relations.tied(views=True):
        if seen(table, view, name):
            raise Acting(f"whether the view {view.name} is about {name} cannot be told here")
    for check in table.checks:
        if check.clause.node is None and speaks_of(check.clause, name):
            raise NotUnderstood(f"whether {check.name} is about {name} cannot be told here")
