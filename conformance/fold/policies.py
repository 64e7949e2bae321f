"""Policies of row security: nothing that is judged, but a server refuses what it finds no table or column for, and what
would leave one hanging."""

from __future__ import annotations

from conformance.fold import constraints, standing
from conformance.fold.lookup import there
from conformance.fold.meaning import clause
from conformance.fold.mentioning import EVERY, mentioned
from conformance.fold.places import POLICY
from conformance.fold.policy import Policy
from conformance.fold.refusals import Acting, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after CREATE, ALTER or DROP POLICY."""
    words = mentioned(cursor.found)
    schema = replace(schema, lurking=schema.lurking | words)
    verb = cursor.take().value
    cursor.needs("policy")
    gently = verb == "drop" and cursor.takes("if", "exists")
    name = cursor.name()
    cursor.needs("on")
    names = cursor.dotted()
    if gently and schema.find(names) is None:
        return schema
    table = there(schema, names)
    if table is None:
        return schema
    if table.kind not in "rp":
        raise Refused("wrong_object_type", f"{table.name} is no table, and has no policies")
    own = next((one for one in table.policies if one.name == name), None)
    if verb == "create" and own is not None:
        raise Refused("duplicate_object", f"{table.name} has a policy {name} already")
    if verb != "create" and own is None and not gently:
        raise Refused("undefined_object", f"{table.name} has no policy {name} here")
    others = table.policies if own is None else tuple(one for one in table.policies if one is not own)
    if verb == "drop":
        return schema.put(replace(table, policies=others))
    before = own.mentions if own is not None else frozenset()
    if cursor.takes("rename", "to"):
        name = cursor.name()
    for condition in _conditions(cursor):
        if not table.opaque:
            constraints.judge(schema, table, clause(condition), POLICY)
            standing.judge_kept(schema, table, condition.found, POLICY)
    return schema.put(replace(table, policies=(*others, Policy(name=name, mentions=before | words))))


def _conditions(cursor: Cursor) -> list[Cursor]:
    found = []
    while not cursor.ended:
        if cursor.takes("using") or cursor.takes("with", "check"):
            found.append(cursor.group())
        else:
            cursor.take()
    return found


def judge_column(schema: Schema, table: Relation, column: str) -> None:
    """Raises `Acting` where a policy may be about the column, which then cannot go or become of another type."""
    for other in schema.relations.tied(policies=True):
        about = other.number == table.number
        for policy in other.policies:
            if (about or table.name in policy.mentions) and not policy.mentions.isdisjoint({column, EVERY}):
                raise Acting(f"whether the policy {policy.name} of {other.name} is about {column} cannot be told here")


def judge_table(schema: Schema, gone: list[Relation]) -> None:
    """Raises `Acting` where a policy of another table may be about one that goes."""
    numbers = {relation.number for relation in gone}
    for other in schema.relations.tied(policies=True):
        for policy in other.policies:
            if other.number not in numbers and any(one.name in policy.mentions for one in gone):
                raise Acting(f"whether the policy {policy.name} of {other.name} keeps it cannot be told here")


def renamed(table: Relation, old: str, new: str) -> Relation:
    """The table, whose policies go along where something is called otherwise."""
    if not any(old in one.mentions for one in table.policies):
        return table
    made = (replace(one, mentions=one.mentions | {new}) if old in one.mentions else one for one in table.policies)
    return replace(table, policies=tuple(made))
