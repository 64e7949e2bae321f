"""DO blocks: plain DDL, behind guards that ask the catalogs whether something is there, or with a handler of what is
there already. What is put together as text and executed is not understood, nor is DDL in a loop."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold import calls, compiling, guards, variables
from conformance.fold.guards import Known
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token

Run = Callable[[Schema, Cursor], Schema]

_CERTAIN = frozenset(
    """duplicate_object duplicate_table duplicate_column duplicate_function duplicate_schema undefined_table
    undefined_object undefined_column invalid_schema_name invalid_table_definition
    dependent_objects_still_exist""".split()
)
"""Errors of DDL that do not hang on the rows, nor on who runs it."""

_CODES = {
    "42710": "duplicate_object",
    "42P07": "duplicate_table",
    "42701": "duplicate_column",
    "42723": "duplicate_function",
    "42P06": "duplicate_schema",
    "42P01": "undefined_table",
    "42704": "undefined_object",
    "42703": "undefined_column",
}

_IDLE = frozenset({"null", "get", "close", "exit", "continue", "fetch", "move"})
"""Statements that change no structure, by their first words."""

_DEEPEST = 50


class _Returned(Exception):
    """The block ends here."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema


def do(schema: Schema, cursor: Cursor, run: Run) -> Schema:
    """DO. `run` folds one statement."""
    cursor.needs("do")
    body = ""
    while not cursor.ended and not cursor.sees(";"):
        if cursor.takes("language"):
            if cursor.take().value.lower() != "plpgsql":
                raise NotUnderstood("a block in another language than plpgsql is not understood")
        else:
            body = cursor.string()
    cursor = Cursor(body)
    _judge_depth(cursor.found)
    variables.judge(cursor.found, frozenset())
    compiling.judge(schema, cursor.found, frozenset(), "nothing", elsewhere=False)
    try:
        return _block(schema, cursor, run, {})
    except _Returned as returned:
        return returned.schema


def _judge_depth(found: list[Token]) -> None:
    """Raises `NotUnderstood` where blocks stand in one another deeper than anybody writes them."""
    depth, ending = 0, False
    for token in found:
        word = token.value if token.kind == "word" else ""
        depth += (word in ("if", "loop", "case", "begin") and not ending) - (word == "end")
        ending = word == "end"
        if depth > _DEEPEST:
            raise NotUnderstood("its parts stand too deep in one another")


def _block(schema: Schema, cursor: Cursor, run: Run, known: Known) -> Schema:
    if cursor.takes("declare"):
        while not cursor.sees("begin"):
            declared = _statement_tokens(cursor)
            calls.judge(schema, declared)
            guards.learn(schema, known, declared)
    cursor.needs("begin")
    body, end = _until(cursor, "end", "exception")
    handlers: list[tuple[list[str], list[Token]]] = []
    if end == "exception":
        cursor.needs("when")
        while True:
            conditions = [_condition(cursor)]
            while cursor.takes("or"):
                conditions.append(_condition(cursor))
            cursor.needs("then")
            inner, end = _until(cursor, "when", "end")
            handlers.append((conditions, inner))
            if end == "end":
                break
    if not (cursor.ended or cursor.sees(";")):
        cursor.name()
    cursor.takes(";")
    certain = all(set(conditions) <= _CERTAIN for conditions, _ in handlers) and not calls.may_fail(body)
    if handlers and calls.changes(body) and not certain:
        raise NotUnderstood("whether its statements stay depends on the rows: the block goes on after any error")
    try:
        return _statements(schema, Cursor(cursor.text, body), run, known)
    except Refused as error:
        for conditions, inner in handlers:
            if error.condition in conditions:
                return _statements(schema, Cursor(cursor.text, inner), run, known)
        raise


def _condition(cursor: Cursor) -> str:
    """The name of an error, or of the one that has this code."""
    if cursor.takes("sqlstate"):
        code = cursor.string()
        return _CODES.get(code, code)
    return cursor.name()


def _statements(schema: Schema, cursor: Cursor, run: Run, known: Known) -> Schema:
    while not cursor.ended:
        schema = _statement(schema, cursor, run, known)
    return schema


def _statement(schema: Schema, cursor: Cursor, run: Run, known: Known) -> Schema:
    if cursor.sees("begin") or cursor.sees("declare"):
        return _block(schema, cursor, run, known)
    if cursor.takes("if"):
        return _choice(schema, cursor, run, known)
    if cursor.sees("for") or cursor.sees("while") or cursor.sees("loop") or cursor.sees("foreach"):
        return _loop(schema, cursor, known)
    if cursor.takes("case"):
        return _case(schema, cursor, known)
    found = _statement_tokens(cursor)
    if not found:
        return schema
    word = found[0].value if found[0].kind == "word" else ""
    if word == "return":
        raise _Returned(schema)
    if word == "assert":
        raise NotUnderstood("the block may raise an error")
    if word == "raise":
        return _raised(schema, found)
    if word in _IDLE:
        guards.forget(known, found if word in ("get", "fetch", "move") else ())
        return schema
    if len(found) > 1 and found[1].kind == "op" and found[1].value in (":=", "="):
        calls.judge(schema, found)
        calls.judge_lurking(schema)
        guards.learn(schema, known, found)
        return schema
    if word == "execute" and len(found) == 2 and found[1].kind == "string":
        return _executed(schema, found[1].value, run)
    guards.learn(schema, known, found)
    return run(schema, Cursor(cursor.text, found))


def _raised(schema: Schema, found: list[Token]) -> Schema:
    calls.judge(schema, found)
    if len(found) < 2 or found[1].value not in ("debug", "log", "info", "notice", "warning"):
        raise NotUnderstood("the block may raise an error")
    return schema


def _executed(schema: Schema, text: str, run: Run) -> Schema:
    """EXECUTE of a text that is written out, and of one statement."""
    inner = Cursor(text)
    if any((token.kind, token.value) == ("op", ";") for token in inner.found[:-1]):
        raise NotUnderstood("several statements are executed at once")
    return run(schema, inner)


def _choice(schema: Schema, cursor: Cursor, run: Run, known: Known) -> Schema:
    """IF, of which one branch is taken; where none of them defines anything, it does not matter which."""
    branches: list[tuple[list[Token] | None, list[Token]]] = []
    condition: list[Token] | None = _up_to(cursor, "then")
    while True:
        body, end = _until(cursor, "elsif", "elseif", "else", "end")
        branches.append((condition, body))
        if end == "end":
            break
        condition = None if end == "else" else _up_to(cursor, "then")
    cursor.needs("if")
    cursor.takes(";")
    if not any(calls.changes(body) or _returns(body) for _, body in branches):
        spoken = [token for asked, body in branches for token in (*(asked or ()), *body)]
        calls.judge(schema, spoken)
        guards.forget(known, spoken)
        calls.judge_lurking(schema)
        return schema
    for asked, body in branches:
        if asked is None or guards.holds(schema, Cursor(cursor.text, asked), known):
            return _statements(schema, Cursor(cursor.text, body), run, known)
    return schema


def _loop(schema: Schema, cursor: Cursor, known: Known) -> Schema:
    head = _up_to(cursor, "loop")
    body, _ = _until(cursor, "end")
    cursor.needs("loop")
    if not (cursor.ended or cursor.sees(";")):
        cursor.name()
    cursor.takes(";")
    if calls.changes(head):
        raise NotUnderstood("what a loop defines is not understood")
    return _idle(schema, [head], [body], known)


def _case(schema: Schema, cursor: Cursor, known: Known) -> Schema:
    """CASE, where it does not matter which branch is taken."""
    asked, bodies, end = [_up_to(cursor, "then")], [], ""
    while end != "end":
        body, end = _until(cursor, "when", "else", "end")
        bodies.append(body)
        asked += [_up_to(cursor, "then")] if end == "when" else []
    cursor.needs("case")
    cursor.takes(";")
    return _idle(schema, asked, bodies, known)


def _idle(schema: Schema, asked: list[list[Token]], bodies: list[list[Token]], known: Known) -> Schema:
    """Statements of which it is not known how often they run, or whether: none may define anything."""
    if any(calls.changes(body) or _returns(body) for body in bodies):
        raise NotUnderstood("what a loop or CASE defines, or whether it returns, is not understood")
    for found in (*asked, *bodies):
        calls.judge(schema, found)
        guards.forget(known, found)
    calls.judge_lurking(schema)
    return schema


def _returns(found: list[Token]) -> bool:
    return any((token.kind, token.value) == ("word", "return") for token in found)


def _statement_tokens(cursor: Cursor) -> list[Token]:
    found: list[Token] = []
    depth = 0
    while not cursor.ended:
        token = cursor.take()
        if token.kind == "op":
            depth += (token.value == "(") - (token.value == ")")
            if token.value == ";" and depth <= 0:
                break
        found.append(token)
    return found


def _up_to(cursor: Cursor, word: str) -> list[Token]:
    found: list[Token] = []
    depth = 0
    while True:
        token = cursor.take()
        if token.kind == "op":
            depth += (token.value == "(") - (token.value == ")")
        elif token.kind == "word" and token.value == word and depth == 0:
            return found
        found.append(token)


def _until(cursor: Cursor, *ends: str) -> tuple[list[Token], str]:
    """The statements up to the word, at the beginning of one, that ends them; blocks inside are passed over."""
    found: list[Token] = []
    depth, opened, fresh = 0, 0, True
    while True:
        token = cursor.take()
        word = token.value if token.kind == "word" else ""
        if fresh and opened == 0 and depth == 0 and word in ends:
            return found, word
        if depth == 0 and fresh and word in ("begin", "if", "case", "loop", "for", "while", "foreach"):
            opened += 1
            if word in ("for", "while", "foreach"):
                found.append(token)
                found += _up_to(cursor, "loop")
                token = cursor.found[cursor.at - 1]
                word = ""
        elif depth == 0 and fresh and word == "end" and opened:
            opened -= 1
            found.append(token)
            token = cursor.take()
            while not (token.kind == "op" and token.value == ";"):
                found.append(token)
                token = cursor.take()
            word = ""
        if token.kind == "op":
            depth += (token.value == "(") - (token.value == ")")
        ending = token.kind == "op" and token.value == ";" and depth <= 0
        fresh = ending or word in ("then", "else", "begin", "loop", "declare") or token.value == "loop"
        found.append(token)
