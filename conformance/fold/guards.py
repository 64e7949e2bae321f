"""The conditions of IF in DO blocks: what the catalogs are asked at once, and what was asked into a variable before."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq, ge, gt, le, lt, ne

from conformance.fold import queries
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token

Known = dict[str, object]
"""The values of variables, as far as they are known; `found` is PostgreSQL's own."""

_OF_ROWS = frozenset({"select", "perform", "insert", "update", "delete", "merge", "fetch", "move", "with"})
_COMPARED = {"=": eq, "<>": ne, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def holds(schema: Schema, cursor: Cursor, known: Known) -> bool:
    """Whether a condition is true, if it only asks the catalogs, or what they answered before. Raises
    `NotUnderstood`."""
    result = _all(schema, cursor, known)
    while cursor.takes("or"):
        result = _all(schema, cursor, known) or result
    if not cursor.ended:
        raise cursor.odd("the condition of an IF is not understood")
    return result


def _all(schema: Schema, cursor: Cursor, known: Known) -> bool:
    result = _one(schema, cursor, known)
    while cursor.takes("and"):
        result = _one(schema, cursor, known) and result
    return result


def _one(schema: Schema, cursor: Cursor, known: Known) -> bool:
    if cursor.takes("not"):
        return not _one(schema, cursor, known)
    if cursor.takes("exists"):
        return queries.exists(schema, cursor)
    token = cursor.peek()
    if cursor.sees("("):
        inner = cursor.group()
        if not inner.sees("select"):
            return holds(schema, inner, known)
        return _compared(cursor, queries.counted(schema, inner))
    if token is not None and token.kind == "word" and token.value in known:
        cursor.take()
        return _compared(cursor, known[token.value])
    return queries.named(schema, cursor)


def _compared(cursor: Cursor, value: object) -> bool:
    """What stands behind a value: a comparison with a number, IS NULL; or nothing, behind true or false."""
    if cursor.takes("is"):
        negated = cursor.takes("not")
        word = cursor.one_of("null", "true", "false")
        if not word:
            raise cursor.odd("the condition of an IF is not understood")
        return (value is {"null": None, "true": True, "false": False}[word]) != negated
    token = cursor.peek()
    if token is not None and token.kind == "op" and token.value in _COMPARED:
        cursor.take()
        number = cursor.take()
        if isinstance(value, bool) and number.kind == "word" and number.value in ("true", "false"):
            return bool(_COMPARED[token.value](value, number.value == "true"))
        if number.kind == "number" and number.value.isdigit() and type(value) is int:
            return bool(_COMPARED[token.value](value, int(number.value)))
    elif isinstance(value, bool):
        return value
    raise cursor.odd("the condition of an IF is not understood")


def forget(known: Known, found: Sequence[Token]) -> None:
    """What is named there may have another value from now on, as may what says whether rows were found."""
    for name in {token.value for token in found} | ({"found"} if found else set()):
        known.pop(name, None)


def learn(schema: Schema, known: Known, found: Sequence[Token]) -> None:
    """What a statement of a block makes of its variables, once it asks the catalogs."""
    word = found[0].value if found and found[0].kind == "word" else ""
    cursor = Cursor("", list(found))
    if word in _OF_ROWS:
        forget(known, found)
    else:
        known.pop(found[0].value if found else "", None)
    try:
        if word in ("perform", "select"):
            known |= _selected(schema, cursor)
        elif any((token.kind, token.value) in (("op", ":="), ("op", "=")) for token in found):
            known |= _assigned(schema, cursor)
    except Refused:
        raise
    except NotUnderstood:
        return


def _selected(schema: Schema, cursor: Cursor) -> Known:
    """PERFORM, and SELECT … INTO a variable."""
    strict, variable, found = False, "", [Token(kind="word", value="select", start=0, end=0)]
    depth = 0
    cursor.take()
    while not cursor.ended:
        if depth == 0 and cursor.takes("into"):
            strict = cursor.takes("strict")
            variable = cursor.name()
            if cursor.sees(","):
                raise cursor.odd("several variables are not understood")
            continue
        token = cursor.take()
        depth += (token.value == "(") - (token.value == ")") if token.kind == "op" else 0
        found.append(token)
    learnt = _asked(schema, found, variable)
    if strict and not learnt["found"]:
        raise Refused("no_data_found", "no row is there for INTO STRICT")
    return learnt


def _asked(schema: Schema, found: list[Token], variable: str) -> Known:
    inner = Cursor("", found)
    if inner.sees("select", "count"):
        return {variable: queries.counted(schema, inner), "found": True}
    if inner.takes("select", "exists"):
        value = queries.exists(schema, inner)
        inner.ends()
        return {variable: value, "found": True}
    number = found[1] if len(found) > 2 and found[1].kind == "number" and found[2].value == "from" else None
    rows = sum(1 for _ in queries.selected(schema, inner))
    if not rows:
        return {variable: None, "found": False}
    return {"found": True} | ({variable: int(number.value)} if number is not None and number.value.isdigit() else {})


def _assigned(schema: Schema, cursor: Cursor) -> Known:
    """`variable := …`, in a declaration with its type in between."""
    variable = cursor.name()
    while not (cursor.takes(":=") or cursor.takes("=")):
        cursor.take()
    value: object
    if cursor.takes("exists"):
        value = queries.exists(schema, cursor)
    elif cursor.takes("not", "exists"):
        value = not queries.exists(schema, cursor)
    elif word := cursor.one_of("true", "false"):
        value = word == "true"
    else:
        value = queries.counted(schema, cursor.group())
    cursor.ends()
    return {variable: value}
