"""A form or a function that the server of --postgres does not know yet.

In production: the migration stops at a syntax error, or at a function that does not exist; 1_000 is 1 before 15.

Example: with --postgres 14, `CREATE UNIQUE INDEX ON agents (name) NULLS NOT DISTINCT;`

Instead: what that server knows; or say which one it is, --postgres 15.

Silent: for a function that the files make themselves, or that another schema has.

Limits: it knows the forms that migrations are made of, and not all of SQL; gen_random_uuid(), which is built in from
13 on, is taken to be pgcrypto's before.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from conformance.deeds.asking import columns_written, constraints_written, said
from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import Token, tokens
from conformance.model.deed import Action, ColumnDefinition, Constraint, Deed, Span
from conformance.model.lint import NEWEST, Hit, Known, Place

LEVEL = "error"

_FORMS = {
    "with ties": 13, "group by distinct": 14, "begin atomic": 14, "nulls not distinct": 15, "set access method": 15,
    "is json": 16, "without overlaps": 18, "returning old .": 18, "returning new .": 18,
}  # fmt: skip
_FUNCTIONS = {
    "bit_count": 14, "date_bin": 14, "range_agg": 14, "string_to_table": 14, "trim_array": 14, "unistr": 14,
    "regexp_count": 15, "regexp_instr": 15, "regexp_like": 15, "regexp_substr": 15,
    "any_value": 16, "array_sample": 16, "array_shuffle": 16, "json_array": 16, "json_arrayagg": 16,
    "json_objectagg": 16, "pg_input_is_valid": 16, "random_normal": 16,
    "json_exists": 17, "json_query": 17, "json_scalar": 17, "json_serialize": 17, "json_table": 17, "json_value": 17,
    "uuid_extract_timestamp": 17, "uuid_extract_version": 17,
    "array_reverse": 18, "array_sort": 18, "casefold": 18, "uuidv4": 18, "uuidv7": 18,
}  # fmt: skip
_NAMING = ("function", "procedure", "table", "into", "index")
"""Words behind which a name with a parenthesis is no call."""
_MULTIRANGES = ("int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange")
_OF_COLUMNS = {"compression": 14, "storage": 16}
_OF_ALTERED = {"set compression": 14, "set expression": 17}


def look(place: Place) -> Iterator[Hit]:
    for span, what, since in _found(place) if place.major < NEWEST else ():
        if since > place.major:
            message = f"PostgreSQL {place.major} does not know {what}, which is of {since}"
            yield Hit(span=span, message=message)


def _found(place: Place) -> Iterator[tuple[Span, str, int]]:
    """Each form that is not of all servers: where it stands, what it is called, and since when it is known."""
    yield from _of_deed(place.deed)
    for column in columns_written(place):
        yield from _of_column(column)
    for constraint in constraints_written(place):
        yield from _of_constraint(constraint)
    for action in place.deed.actions:
        yield from _of_action(action)
    first = place.deed.span.start
    text = said(place, first, place.deed.span.end)
    try:
        words = tokens(text)
    except NotUnderstood:
        return
    for span, what, since in (*_of_forms(words), *_of_functions(words, place.known), *_of_numbers(words, text)):
        yield Span(start=first + span.start, end=first + span.end), what, since


def _of_deed(deed: Deed) -> Iterator[tuple[Span, str, int]]:
    words = deed.text.lower().split()
    if deed.verb == "create trigger" and "or replace" in deed.flags:
        yield deed.span, "CREATE OR REPLACE TRIGGER", 14
    elif deed.verb == "merge":
        yield (deed.span, "MERGE … RETURNING", 17) if "returning" in words else (deed.span, "MERGE", 15)
    elif deed.verb == "reindex" and words[:1] and words[0].startswith("(") and "concurrently" in deed.flags:
        yield deed.span, "REINDEX (CONCURRENTLY)", 14
    elif deed.verb == "alter view" and words[:2] == ["rename", "column"]:
        yield deed.span, "ALTER VIEW … RENAME COLUMN", 13
    elif deed.verb == "grant" and words[:1] == ["maintain"] and "on" in words:
        yield deed.span, "the privilege MAINTAIN", 17
    elif deed.verb == "create view" and "security_invoker" in deed.text.lower().partition(" as ")[0]:
        yield deed.span, "views that are security_invoker", 15


def _of_column(column: ColumnDefinition) -> Iterator[tuple[Span, str, int]]:
    if column.generated == "virtual":
        yield column.span, "generated columns that are not STORED", 18
    if column.type.removesuffix("[]") in _MULTIRANGES:
        yield column.type_span, column.type, 14
    for word, since in _OF_COLUMNS.items():
        if word in column.tail.split():
            yield column.span, f"{word.upper()} of a column that is made", since


def _of_constraint(constraint: Constraint) -> Iterator[tuple[Span, str, int]]:
    if constraint.kind == "not null":
        yield constraint.span, "NOT NULL as a constraint of its own", 18
    if "enforced" in constraint.tail.split():
        yield constraint.span, "[NOT] ENFORCED", 18
    if constraint.on_delete in ("set null", "set default") and "(" in constraint.tail:
        yield constraint.span, f"ON DELETE {constraint.on_delete.upper()} of some of the columns", 15


def _of_action(action: Action) -> Iterator[tuple[Span, str, int]]:
    words = " ".join(action.text.lower().split())
    if action.verb == "detach partition" and words.endswith((" concurrently", " finalize")):
        yield action.span, "DETACH PARTITION … CONCURRENTLY", 14
    elif action.verb == "drop expression":
        yield action.span, "DROP EXPRESSION", 13
    elif action.verb == "alter constraint" and "enforced" in words:
        yield action.span, "[NOT] ENFORCED", 18
    elif action.verb == "alter column":
        yield from ((action.span, form.upper(), since) for form, since in _OF_ALTERED.items() if words.startswith(form))


def _of_forms(found: list[Token]) -> Iterator[tuple[Span, str, int]]:
    values = [token.value if token.kind in ("word", "op") else "" for token in found]
    for form, since in _FORMS.items():
        words = form.split()
        for at in range(len(values) - len(words) + 1):
            if values[at] == words[0] and values[at : at + len(words)] == words:
                span = Span(start=found[at].start, end=found[at + len(words) - 1].end)
                yield span, form.upper().removesuffix(" ."), since


def _of_functions(found: list[Token], known: Known) -> Iterator[tuple[Span, str, int]]:
    for at, (token, follows) in enumerate(pairwise(found)):
        if token.kind != "word" or follows.value != "(" or token.value not in _FUNCTIONS:
            continue
        schema, before = ["", "", *(one.value for one in found[max(at - 2, 0) : at])][-2:]
        elsewhere = before in _NAMING or (before == "." and schema != "pg_catalog")
        if not elsewhere and not known.made_function(token.value):
            yield Span(start=token.start, end=token.end), f"{token.value}()", _FUNCTIONS[token.value]


def _of_numbers(found: list[Token], text: str) -> Iterator[tuple[Span, str, int]]:
    for token, follows in pairwise(found):
        joined = token.kind == "number" and follows.kind == "word" and token.end == follows.start
        if joined and (follows.value[0] == "_" or token.value == "0"):
            span = Span(start=token.start, end=follows.end)
            yield span, f"numbers that are written as {text[span.start : span.end]}", 16
