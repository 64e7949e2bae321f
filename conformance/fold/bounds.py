"""PARTITION BY and the bounds of partitions, as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise

from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema, TypeRef
from conformance.fold.split import Bound, Edge, Split, Value
from conformance.fold.tokens import Cursor
from conformance.model.record import replace
from conformance.model.sql import literal

_WHOLE = re.compile(r"-?\d+\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?\Z")
_RANGES = {"int2": 15, "int4": 31, "int8": 63}


def split(schema: Schema, number: int, cursor: Cursor) -> Schema:
    """The schema with the table partitioned as it is said behind PARTITION BY."""
    table = schema.numbered(number)
    strategy = cursor.one_of("range", "list", "hash")
    if not strategy:
        raise cursor.odd("RANGE, LIST or HASH is expected")
    columns = tuple(_column(part) for part in cursor.group().parts())
    for name in columns:
        column = table.column(name)
        if column.generated:
            raise Refused("invalid_object_definition", f"{name} is computed, and nothing is partitioned by it")
        _judge_type(schema, column.type, strategy)
    if strategy == "list" and len(columns) > 1:
        raise Refused("invalid_object_definition", "a list is of one column")
    if len(set(columns)) < len(columns):
        raise NotUnderstood("a table that is partitioned by a column twice is not known here")
    if any(check.no_inherit for check in table.checks):
        raise Refused("invalid_table_definition", "a partitioned table has no constraint with NO INHERIT")
    return schema.put(replace(table, split=Split(strategy=strategy, columns=columns)))


def _column(part: Cursor) -> str:
    token = part.peek()
    if len(part.found) != 1 or token is None or token.kind not in ("word", "name"):
        raise part.odd("a table that is partitioned by more than columns is not known here")
    return part.name()


def _judge_type(schema: Schema, of: TypeRef, strategy: str) -> None:
    enum = of.number is not None and schema.type_of(of.number).kind == "e"
    plain = of.name in ("int2", "int4", "int8", "date", "timestamp", "timestamptz", "text", "varchar", "uuid", "bool")
    if of.array or not (plain or enum):
        raise NotUnderstood("a table that is partitioned by a column of this type is not known here")
    if strategy == "range" and (enum or of.name not in ("int2", "int4", "int8", "date", "timestamp", "timestamptz")):
        raise NotUnderstood("in which order the values of this type stand is known to a server only")


def bound(schema: Schema, parent: Relation, cursor: Cursor) -> Bound:
    """Take the bound of a partition. Raises `Refused` where another one has some of its rows."""
    if parent.split is None:
        raise Refused("wrong_object_type", f"{parent.name} is not partitioned")
    found = _taken(schema, parent, parent.split, cursor)
    family = schema.relations.family(parent.number)
    if family.meets(found):
        raise Refused("invalid_object_definition", f"another partition of {parent.name} has rows of {found.text}")
    moduli = sorted({one.modulus for one in (*family.others, found) if one.modulus})
    if any(other % one for one, other in pairwise(moduli)):
        raise Refused("invalid_object_definition", "each modulus divides the next larger one")
    return found


def _taken(schema: Schema, parent: Relation, key: Split, cursor: Cursor) -> Bound:
    if cursor.takes("default"):
        if key.strategy == "hash":
            raise Refused("invalid_object_definition", "a table that is partitioned by hash has no default partition")
        return Bound(text="DEFAULT")
    cursor.needs("for", "values")
    if cursor.takes("in"):
        return _listed(_judged(key, "list"), _printer(schema, parent, key.columns[0]), cursor.group())
    if cursor.takes("with"):
        _judged(key, "hash")
        return _hashed(cursor.group())
    cursor.needs("from")
    printers = [_printer(schema, parent, name) for name in _judged(key, "range").columns]
    low, low_text = _edge(printers, cursor.group())
    cursor.needs("to")
    high, high_text = _edge(printers, cursor.group())
    if low >= high:
        raise Refused("invalid_object_definition", "the range is empty")
    return Bound(text=f"FOR VALUES FROM ({low_text}) TO ({high_text})", low=low, high=high)


def _judged(key: Split, strategy: str) -> Split:
    if key.strategy != strategy:
        raise Refused("invalid_table_definition", f"the bound is one of another strategy than {key.strategy}")
    return key


Printer = Callable[[Cursor], tuple[Value, str]]


def _listed(key: Split, printer: Printer, cursor: Cursor) -> Bound:
    found: dict[Value, str] = {}
    for part in cursor.parts():
        value, text = (None, "NULL") if part.takes("null") else printer(part)
        part.ends()
        found.setdefault(value, text)
    return Bound(text=f"FOR VALUES IN ({', '.join(found.values())})", listed=tuple(found))


def _hashed(cursor: Cursor) -> Bound:
    numbers = dict.fromkeys(("modulus", "remainder"), -1)
    for part in cursor.parts():
        word = part.one_of("modulus", "remainder")
        token = part.take()
        if not word or not token.value.isdecimal():
            raise part.odd("MODULUS or REMAINDER and a number are expected")
        numbers[word] = int(token.value)
        part.ends()
    modulus, remainder = numbers.values()
    if modulus <= 0 or not 0 <= remainder < modulus:
        raise Refused("invalid_table_definition", "the remainder lies between 0 and the modulus")
    text = f"FOR VALUES WITH (modulus {modulus}, remainder {remainder})"
    return Bound(text=text, modulus=modulus, remainder=remainder)


def _edge(printers: list[Printer], cursor: Cursor) -> tuple[tuple[Edge, ...], str]:
    parts = cursor.parts()
    if len(parts) != len(printers):
        raise Refused("invalid_table_definition", "the bound has a value for each column of the key")
    edges: list[Edge] = []
    texts: list[str] = []
    for part, printer in zip(parts, printers, strict=True):
        if word := part.one_of("minvalue", "maxvalue"):
            edges.append((-1 if word == "minvalue" else 1, 0))
            texts.append(word.upper())
        elif edges and edges[-1][0]:
            raise Refused("datatype_mismatch", "behind MINVALUE or MAXVALUE the same stands")
        else:
            value, text = printer(part)
            edges.append((0, value))
            texts.append(text)
        part.ends()
        if len(edges) > 1 and edges[-2][0] and edges[-1][0] != edges[-2][0]:
            raise Refused("datatype_mismatch", "behind MINVALUE or MAXVALUE the same stands")
    return tuple(edges), ", ".join(texts)


def _printer(schema: Schema, parent: Relation, name: str) -> Printer:
    """Takes a value of the column, and says how a server prints it."""
    of = parent.column(name).type

    def take(part: Cursor) -> tuple[Value, str]:
        sign = "-" if part.takes("-") else ""
        token = part.take()
        text = sign + token.value
        if of.name in _RANGES and token.kind in ("number", "string") and _WHOLE.match(text):
            number = int(text)
            if not -(2 ** _RANGES[of.name]) <= number < 2 ** _RANGES[of.name]:
                raise Refused("numeric_value_out_of_range", f"{text} is none of {name}")
            return number, str(number) if of.name == "int4" and number >= 0 else literal(str(number))
        if of.name == "bool" and token.kind == "word" and text in ("true", "false"):
            return text == "true", text
        if sign or token.kind != "string":
            raise part.odd("a bound that is computed is not known here")
        return _spelled(schema, of, text, name)

    return take


def _spelled(schema: Schema, of: TypeRef, text: str, name: str) -> tuple[Value, str]:
    """What a string is, as a value of that type."""
    try:
        if of.name == "date" and _DAY.match(text):
            return date.fromisoformat(text).isoformat(), literal(text)
        if of.name in ("timestamp", "timestamptz") and not of.modifiers and _MOMENT.match(text):
            # without a time zone it is of the session's, which stands for itself
            moment = datetime.fromisoformat(text).isoformat(" ")
            return moment, literal(moment + ("+00" if of.name == "timestamptz" else ""))
    except ValueError:
        raise Refused("datetime_field_overflow", f"{text} is none of {name}") from None
    if of.name in ("text", "varchar") and not of.modifiers:
        return text, literal(text)
    if of.number is not None and schema.type_of(of.number).kind == "e":
        if text not in schema.type_of(of.number).labels:
            raise Refused("invalid_text_representation", f"{text} is none of {name}")
        return text, literal(text)
    raise NotUnderstood(f"a bound of {name} that is written like this is not known here")
