"""CREATE and ALTER of domains."""

from __future__ import annotations

from conformance.fold.columns import default
from conformance.fold.condition import Clause, Condition
from conformance.fold.defaults import kept
from conformance.fold.deparse import Deparser
from conformance.fold.meaning import Meaning, clause
from conformance.fold.naming import free_name
from conformance.fold.places import CHECK
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Output, Schema, TypeRef, UserType
from conformance.fold.scopes import Scope, Source
from conformance.fold.standing import judge_among
from conformance.fold.tokens import Cursor, tokens
from conformance.fold.type_names import type_name
from conformance.fold.types import found_type, renamed_type
from conformance.model.record import replace


def _kept(schema: Schema, domain: UserType, cursor: Cursor) -> Clause | None:
    """The default that comes next, as a domain keeps it."""
    return kept(schema, default(cursor), domain.base or TypeRef())


def _called(domain: UserType, cursor: Cursor) -> UserType:
    """The domain with a constraint of it under another name."""
    old = cursor.name()
    cursor.needs("to")
    new = cursor.name()
    names = {check.name for check in domain.checks}
    if old not in names or new in names:
        raise NotUnderstood(f"which constraint of {domain.name} is called otherwise is not known here")
    runs = domain.runs.without("", old).put("", new)
    return replace(domain, runs=runs, checks=tuple(replace(c, name=new) if c.name == old else c for c in domain.checks))


def create_domain(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE DOMAIN."""
    cursor.needs("create", "domain")
    space, name = schema.place(cursor.dotted())
    cursor.takes("as")
    made = UserType(number=0, schema=space, name=name, kind="d", base=Meaning(schema).ref(type_name(cursor)))
    while not cursor.ended:
        if cursor.takes("default"):
            made = replace(made, default=_kept(schema, made, cursor))
            continue
        if cursor.sees(";"):
            cursor.ends()
            break
        made = _constrained(schema, made, cursor)
    return schema.add_type(made)


def _constrained(schema: Schema, domain: UserType, cursor: Cursor) -> UserType:
    name = cursor.name() if cursor.takes("constraint") else ""
    if cursor.takes("not", "null"):
        return replace(domain, not_null=True)
    if cursor.takes("null"):
        return domain
    cursor.needs("check")
    expression = clause(cursor.group())
    validated = not cursor.takes("not", "valid")
    _judge(schema, domain, expression)
    taken = {check.name for check in domain.checks}
    if name in taken:
        raise Refused("duplicate_object", f"{domain.name} has a constraint {name} already")
    own = name or free_name(domain.name, "", "check", taken.__contains__, lambda base: domain.runs.first("", base))
    made = Condition(name=own, clause=expression, validated=validated)
    return replace(domain, checks=(*domain.checks, made), runs=domain.runs.put("", own))


def _judge(schema: Schema, domain: UserType, expression: Clause) -> None:
    if domain.base is None:
        return
    value = Source(name="", columns=(Output(name="value", type=domain.base),))
    judge_among(Scope(schema=schema, sources=(value,)), tokens(expression.text), CHECK)
    if expression.node is None:
        return
    try:
        meaning = Meaning(schema)
        Deparser(meaning, {"value": meaning.kind_of(domain.base)}, domain=True).condition(expression.node)
    except Refused:
        raise
    except NotUnderstood:
        return


def alter_domain(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER DOMAIN."""
    cursor.needs("alter", "domain")
    domain = found_type(schema, cursor.dotted())
    if domain.kind != "d":
        raise Refused("wrong_object_type", f"{domain.name} is no domain")
    if cursor.takes("owner", "to"):
        return schema
    if cursor.takes("rename", "to"):
        name = cursor.name()
        cursor.ends()
        return renamed_type(schema, domain, name)
    if cursor.takes("set", "not", "null") or cursor.takes("drop", "not", "null"):
        made = replace(domain, not_null=cursor.found[cursor.at - 3].value == "set")
    elif cursor.takes("set", "default"):
        made = replace(domain, default=_kept(schema, domain, cursor))
    elif cursor.takes("drop", "default"):
        made = replace(domain, default=None)
    elif cursor.takes("add"):
        made = _constrained(schema, domain, cursor)
    elif cursor.takes("rename", "constraint"):
        made = _called(domain, cursor)
    elif word := cursor.one_of("drop constraint", "validate constraint"):
        gently = cursor.takes("if", "exists")
        made = _without(domain, cursor.name(), gently=gently, dropped=word.startswith("drop"))
        cursor.one_of("cascade", "restrict")
    else:
        raise cursor.odd("this change of a domain is not known here")
    cursor.ends()
    return schema.put_type(made)


def _without(domain: UserType, name: str, *, gently: bool, dropped: bool) -> UserType:
    if not any(check.name == name for check in domain.checks):
        if gently:
            return domain
        raise Refused("undefined_object", f"{domain.name} has no constraint {name} here")
    if dropped:
        left = tuple(check for check in domain.checks if check.name != name)
        return replace(domain, checks=left, runs=domain.runs.without("", name))
    checks = tuple(replace(check, validated=check.validated or check.name == name) for check in domain.checks)
    return replace(domain, checks=checks)


STATEMENTS = {
    "create domain": create_domain,
    "alter domain": alter_domain,
}
