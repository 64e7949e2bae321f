"""Rules: what they make of a statement is not known here; where their table is not there, a server refuses."""

from __future__ import annotations

from conformance.fold import objects
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE RULE. Always raises."""
    cursor.needs("create")
    cursor.takes("or", "replace")
    cursor.needs("rule")
    name = cursor.name()
    cursor.needs("as", "on")
    if not cursor.one_of("select", "insert", "update", "delete"):
        raise Refused("syntax_error", "a rule is ON SELECT, INSERT, UPDATE or DELETE")
    cursor.needs("to")
    objects.of_kind(schema, cursor.dotted(), "rpv")
    raise NotUnderstood(f"what the rule {name} makes of its table is not known here")


def change(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER RULE and DROP RULE."""
    cursor.take()
    cursor.needs("rule")
    gently = cursor.takes("if", "exists")
    name = cursor.name()
    cursor.needs("on")
    if gently and schema.find(cursor.dotted()) is None:
        return schema
    if name in schema.doubtful:
        raise NotUnderstood(f"what the rule {name} makes of its table is not known here")
    if gently:
        return schema
    raise Refused("undefined_object", f"there is no rule {name} here")


STATEMENTS = {
    "create rule": create,
    "create or replace rule": create,
    "alter rule": change,
    "drop rule": change,
}
