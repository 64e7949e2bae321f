"""Reading the name of a type, with all that PostgreSQL's grammar lets it be."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.fold.nodes import TypeName
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.tokens import Cursor

_WORDS: Mapping[str, str] = {
    "int": "int4",
    "integer": "int4",
    "smallint": "int2",
    "bigint": "int8",
    "boolean": "bool",
    "real": "float4",
    "decimal": "numeric",
    "dec": "numeric",
    "numeric": "numeric",
}
_RARE = """box circle line lseg path polygon macaddr8 pg_lsn jsonpath xid xid8 tid cid regtype regproc regprocedure
    regrole regnamespace"""
RANGES = frozenset({"int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"})
MULTIRANGES = frozenset(name.replace("range", "multirange") for name in RANGES)
BUILT_IN: Mapping[str, str] = {
    "bool": "boolean",
    "bytea": "bytea",
    "char": '"char"',
    "name": "name",
    "int8": "bigint",
    "int2": "smallint",
    "int4": "integer",
    "text": "text",
    "oid": "oid",
    "json": "json",
    "jsonb": "jsonb",
    "xml": "xml",
    "point": "point",
    "float4": "real",
    "float8": "double precision",
    "money": "money",
    "macaddr": "macaddr",
    "inet": "inet",
    "cidr": "cidr",
    "bpchar": "character",
    "varchar": "character varying",
    "date": "date",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "interval": "interval",
    "timetz": "time with time zone",
    "numeric": "numeric",
    "uuid": "uuid",
    "tsvector": "tsvector",
    "tsquery": "tsquery",
    "regclass": "regclass",
    "regconfig": "regconfig",
    "int4range": "int4range",
    "int8range": "int8range",
    "numrange": "numrange",
    "tsrange": "tsrange",
    "tstzrange": "tstzrange",
    "daterange": "daterange",
    "bit": "bit",
    "varbit": "bit varying",
    **{name: name for name in MULTIRANGES},
    **{name: name for name in _RARE.split()},
}
"""PostgreSQL's own types by their internal names, each as `format_type` prints it."""

COLLATIONS = frozenset({"C", "POSIX", "default", "ucs_basic"})
"""PostgreSQL's own collations that a server of any kind has."""


def collation(cursor: Cursor) -> tuple[str, ...]:
    """Take the name of a collation that is PostgreSQL's own, without its schema. Raises `NotUnderstood`."""
    *spaces, name = cursor.dotted()
    if spaces not in ([], ["pg_catalog"]) or name not in COLLATIONS:
        raise NotUnderstood(f"the collation {'.'.join([*spaces, name])} is not known here")
    return (name,)


def type_name(cursor: Cursor) -> TypeName:
    """Take the name of a type."""
    found = _scalar(cursor)
    array = False
    if cursor.takes("array"):
        array = True
        if cursor.takes("["):
            cursor.take()
            cursor.needs("]")
    while cursor.takes("["):
        array = True
        if not cursor.takes("]"):
            cursor.take()
            cursor.needs("]")
    return TypeName(name=found.name, schema=found.schema, modifiers=found.modifiers, array=array)


def _scalar(cursor: Cursor) -> TypeName:
    token = cursor.peek()
    if token is not None and token.kind == "word":
        if cursor.takes("double", "precision"):
            return TypeName(name="float8", schema="pg_catalog")
        if cursor.takes("national"):
            raise cursor.odd("NATIONAL CHARACTER is not known here")
        if token.value in ("character", "char", "varchar", "nchar"):
            return _characters(cursor)
        if token.value in ("timestamp", "time"):
            return _moment(cursor)
        if token.value == "float":
            return _float(cursor)
        if token.value in ("bit", "interval", "setof"):
            return _rare(cursor)
        follows = cursor.peek(1)
        if token.value in _WORDS and not (follows is not None and follows.value == "." and follows.kind == "op"):
            cursor.take()
            name = _WORDS[token.value]
            if name != "numeric" and cursor.sees("("):
                raise Refused("syntax_error", f"{token.value} has no length")
            return TypeName(name=name, schema="pg_catalog", modifiers=_modifiers(cursor))
    names = cursor.dotted()
    if len(names) > 2:
        raise cursor.odd("a type of another database is named")
    if cursor.sees("%"):
        raise cursor.odd("a type is taken from a column")
    modifiers = _modifiers(cursor)
    schema = names[0] if len(names) == 2 else None
    return TypeName(name=names[-1], schema=schema, modifiers=modifiers)


def _modifiers(cursor: Cursor) -> tuple[int, ...]:
    if not cursor.takes("("):
        return ()
    found = []
    while True:
        sign = -1 if cursor.takes("-") else 1
        token = cursor.take()
        if token.kind != "number" or not token.value.isdigit():
            raise cursor.odd("a number is expected in the modifier of a type")
        found.append(sign * int(token.value))
        if not cursor.takes(","):
            break
    cursor.needs(")")
    return tuple(found)


def _characters(cursor: Cursor) -> TypeName:
    word = cursor.take().value
    varying = word == "varchar" or cursor.takes("varying")
    modifiers = _modifiers(cursor)
    if varying:
        return TypeName(name="varchar", schema="pg_catalog", modifiers=modifiers)
    return TypeName(name="bpchar", schema="pg_catalog", modifiers=modifiers or (1,))


def _moment(cursor: Cursor) -> TypeName:
    word = cursor.take().value
    modifiers = _modifiers(cursor)
    zoned = cursor.takes("with", "time", "zone")
    if not zoned:
        cursor.takes("without", "time", "zone")
    return TypeName(name=word + ("tz" if zoned else ""), schema="pg_catalog", modifiers=modifiers)


def _float(cursor: Cursor) -> TypeName:
    cursor.take()
    digits = _modifiers(cursor)
    return TypeName(name="float4" if digits and digits[0] <= 24 else "float8", schema="pg_catalog")


def _rare(cursor: Cursor) -> TypeName:
    word = cursor.take().value
    if word == "bit":
        varying = cursor.takes("varying")
        modifiers = _modifiers(cursor)
        return TypeName(
            name="varbit" if varying else "bit", schema="pg_catalog", modifiers=modifiers or (() if varying else (1,))
        )
    if word == "interval" and not cursor.sees("("):
        if cursor.one_of("year", "month", "day", "hour", "minute", "second"):
            raise cursor.odd("the fields of an interval are not known here")
        return TypeName(name="interval", schema="pg_catalog")
    raise cursor.odd(f"the type {word} is not known here")
