"""Putting the checks' questions about the database's own expressions to the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate
from conformance.model.question import Accepted, Answer, Keys, Probe, Question, Unanswered
from conformance.sources import answer

# Errors of a question, after which the session goes on: by what it says, and by what it would take to answer it.
_WRONG = (psycopg.DataError, psycopg.ProgrammingError, psycopg.NotSupportedError, psycopg.InternalError)
# The lookup tables with an index that may answer as somebody likes, and so keeps no key.
_STRANGE = """
SELECT k.place::pg_catalog.int4 - 1, o.opcname::pg_catalog.text
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::pg_catalog.text[]), pg_catalog.unnest(%(tables)s::pg_catalog.text[]))
     WITH ORDINALITY AS k (schema, name, place)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = k.schema
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = k.name
JOIN pg_catalog.pg_index AS x ON x.indrelid = c.oid
CROSS JOIN LATERAL pg_catalog.unnest(x.indclass::pg_catalog.oid[]) AS u (opclass)
JOIN pg_catalog.pg_opclass AS o ON o.oid = u.opclass
WHERE o.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e')
"""
_COSTLY = (errors.QueryCanceled, errors.LockNotAvailable, errors.OutOfMemory, errors.ProgramLimitExceeded)


def ask(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Mapping[Question, Answer]:
    """What the server says of the database's own expressions: one statement, or one a question if that raises.

    The connection must be in a transaction with an empty search_path.
    """
    barred = _barred(connection, [question for question in questions if isinstance(question, Keys)])
    questions = [question for question in questions if question not in barred]
    return {**barred, **_ask(connection, questions)} if questions else barred


def _barred(connection: psycopg.Connection[Any], asked: Sequence[Keys]) -> dict[Question, Answer]:
    """The lookup tables that are not read, because planning to read them may run somebody's code, or because an index
    of theirs may let anything be a key."""
    if not asked:
        return {}
    from conformance.sources import rows_guard

    tables = [(keys.schema, keys.table) for keys in asked]
    parameters = {**rows_guard.naming(tables), "column_tables": [], "columns": []}
    with connection.cursor(row_factory=tuple_row) as cursor:
        code = {row[0] - 1: row[7] for row in cursor.execute(rows_guard.guard().encode(), parameters)}
        strange: dict[int, str] = dict(cursor.execute(_STRANGE, parameters).fetchall())
    barred: dict[Question, Answer] = {
        keys: Unanswered(reason=f"an index of {keys.table} goes by the operator class {strange[place]}")
        for place, keys in enumerate(asked)
        if place in strange
    }
    return barred | {
        keys: Unanswered(reason=f"planning to read {keys.table} may run code that is not PostgreSQL's own: {found[0]}")
        for place, keys in enumerate(asked)
        if (found := code.get(place))
    }


def _ask(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Mapping[Question, Answer]:
    values = _select(connection, questions)
    if not isinstance(values, psycopg.Error):
        return {q: answer.read(q, value) for q, value in zip(questions, values, strict=True)}
    return {question: _ask_one(connection, question) for question in questions}


def _select(connection: psycopg.Connection[Any], questions: Sequence[Question]) -> Sequence[Any] | psycopg.Error:
    """The values, or the error that the statement raised; the transaction goes on either way."""
    asked = answer.statement(questions)
    connection.execute("SAVEPOINT question")
    try:
        row = connection.execute(asked.text, asked.parameters).fetchone()
    except (*_WRONG, *_COSTLY) as error:
        connection.execute("ROLLBACK TO SAVEPOINT question; RELEASE SAVEPOINT question", prepare=False)
        return error
    connection.execute("RELEASE SAVEPOINT question")
    if row is None:
        raise CannotEvaluate("the server gave no answer to what the checks asked")
    return list(asked.values(row))


def _ask_one(connection: psycopg.Connection[Any], question: Question) -> Answer:
    values = _select(connection, [question])
    if not isinstance(values, psycopg.Error):
        return answer.read(question, values[0])
    if isinstance(question, Probe) and isinstance(values, psycopg.DataError):
        if len(question.rows) == 1:
            return Accepted(rows=(False,))
        return _joined([_ask_one(connection, half) for half in answer.halves(question)])
    return Unanswered(reason=f"the server said: {first_line(values)}")


def _joined(parts: Sequence[Answer]) -> Answer:
    """The answers to a probe's single rows, as one; not answered if one of them is not."""
    rows: list[bool] = []
    for part in parts:
        if not isinstance(part, Accepted):
            return part
        rows += part.rows
    return Accepted(rows=tuple(rows))


def first_line(error: BaseException | None) -> str:
    """The first line of an error's message."""
    return str(error).splitlines()[0] if error is not None and str(error) else "no reason given"
