"""What stands in the body of a function: a server reads it when the function is made, and refuses what it does not
understand, or in SQL what names things that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.fold import compiling, variables, writing
from conformance.fold.compiling import Answer
from conformance.fold.declarations import FRESH
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Output, Schema
from conformance.fold.tokens import Token, tokens

_OF_ROWS = frozenset({"select", "insert", "update", "delete", "merge", "with", "values"})
_OTHERS = frozenset(
    """create alter drop truncate table copy grant revoke comment set reset show lock analyze notify listen unlisten do
    call explain refresh reindex vacuum cluster prepare execute deallocate declare fetch move close begin commit end
    rollback savepoint release security import load discard checkpoint reassign start abort""".split()
)


def judge(
    schema: Schema, language: str, body: str, free: frozenset[str], *, alone: bool, answer: Answer, elsewhere: bool
) -> None:
    """Raises `Refused` where the body is none, or names what is not there. `free` are the names of what the function
    takes; `alone` says that it gives one value and no row, `answer` what RETURN has to have, `elsewhere` that it looks
    for names in schemas of its own."""
    if schema.unchecked:
        return
    try:
        found = tokens(body)
    except NotUnderstood:
        return
    if language == "plpgsql":
        _judge_nesting(found)
        variables.judge(found, free)
        compiling.judge(schema, found, free, answer, elsewhere=elsewhere)
    elif language == "sql":
        _judge_queries(schema, found, free, alone=alone)


def _judge_queries(schema: Schema, found: Sequence[Token], free: frozenset[str], *, alone: bool) -> None:
    queries = list(_statements(found))
    heads = [query[0].value if query[0].kind == "word" else "(" for query in queries]
    strange = next((head for head in heads if head not in _OF_ROWS | _OTHERS | {"("}), "")
    if strange:
        raise Refused("syntax_error", f"no statement of SQL begins with {strange}")
    if not set(heads) <= _OF_ROWS:
        return
    gives: tuple[Output, ...] | None = None
    for query in queries:
        gives = writing.outputs(schema, query, free)
    if alone and gives is not None and len(gives) != 1:
        raise Refused("invalid_function_definition", f"it gives one value, and its last query {len(gives)}")


def _statements(found: Sequence[Token]) -> Iterator[list[Token]]:
    query: list[Token] = []
    for token in found:
        if (token.kind, token.value) == ("op", ";"):
            if query:
                yield query
            query = []
        else:
            query.append(token)
    if query:
        yield query


def _judge_nesting(found: Sequence[Token]) -> None:
    """Raises `Refused` where a block, a loop or a choice has no end, or an end too many."""
    depth, before = 0, ";"
    for place, token in enumerate(found):
        word = token.value if token.kind == "word" else ""
        follows = found[place + 1].value if place + 1 < len(found) else ";"
        opens = (
            (word in ("if", "begin") and before in FRESH)
            or (word == "loop" and follows not in (",", ")", ".", "="))
            or word == "case"
        )
        depth += (opens and before != "end") - (word == "end")
        if depth < 0:
            break
        before = token.value if token.kind in ("word", "op") else ""
    if depth or not any((token.kind, token.value) == ("word", "begin") for token in found):
        raise Refused("syntax_error", "a BEGIN, IF, LOOP or CASE of its body has no END, or an END too many is there")
