"""Questions about the database's own expressions, written as one SELECT: one column a question.

The expressions were printed by the server under an empty search_path, and the checks put questions only where the
server's records say that every part of an expression is shipped with PostgreSQL. Rows travel as parameters, never as
SQL text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from conformance.model.question import Accepted, Answer, Constant, Keys, Probe, Question, Text
from conformance.model.sql import identifier, qualified

MOST_KEYS = 1000
"""How many keys of a lookup table are read: more is no set of values."""


def statement(questions: Sequence[Question]) -> tuple[str, list[Any]]:
    """The SELECT and its parameters; its one row has a column for each question, in order."""
    selected: list[str] = []
    parameters: list[Any] = []
    for question in questions:
        text, values = _expression(question)
        selected.append(text)
        parameters.extend(values)
    return "SELECT " + ",\n       ".join(selected), parameters


def read(question: Question, value: Any) -> Answer:
    """One column of the statement's row, as the answer to its question."""
    match question:
        case Probe():
            return Accepted(rows=tuple(flag == "1" for flag in value or ""))
        case Constant():
            return Text(values=(value,))
        case Keys():
            return Text(values=tuple(value or ()))


def _expression(question: Question) -> tuple[str, list[Any]]:
    match question:
        case Probe():
            return _probe(question)
        case Constant():
            return _constant(question), []
        case Keys():
            return _keys(question), []


def _probe(probe: Probe) -> tuple[str, list[Any]]:
    holds = " AND ".join(f"({_escaped(text)}) IS NOT FALSE" for text in probe.expressions)
    names = [f"c{number}" for number in range(len(probe.columns))]
    cast = ", ".join(
        f"r.{given}{f'::{cast}' if cast.endswith('[]') else ''} AS {_escaped(identifier(name))}"
        for given, (name, cast) in zip(names, probe.columns, strict=True)
    )
    types = ["pg_catalog.text" if cast.endswith("[]") else cast for _, cast in probe.columns]
    arrays = ", ".join(f"pg_catalog.unnest(%s::{type_}[])" for type_ in types)
    return (
        "(SELECT pg_catalog.string_agg(CASE WHEN " + holds + " THEN '1' ELSE '0' END, '' ORDER BY given_row)"
        f" FROM (SELECT {cast}, r.given_row FROM ROWS FROM ({arrays})"
        f" WITH ORDINALITY AS r ({', '.join(names)}, given_row) OFFSET 0) AS row_given)",
        [_array(row[place] for row in probe.rows) for place in range(len(names))],
    )


def _array(values: Iterable[str | None]) -> str:
    """An array as PostgreSQL reads it: its elements become values of a type without a cast, which may be anyone's."""
    quoted = (value and value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join("NULL" if value is None else f'"{value}"' for value in quoted) + "}"


def _constant(constant: Constant) -> str:
    """The value as its type prints it: a cast to text may be anyone's."""
    value = f"(({_escaped(constant.expression)})::{constant.cast})"
    return f"CASE WHEN {value} IS NOT NULL THEN pg_catalog.format('%%s', {value}) END"


def _keys(keys: Keys) -> str:
    column, only = identifier(keys.column), "" if keys.partitioned else "ONLY "
    return (
        f"(SELECT pg_catalog.array_agg(k.key ORDER BY k.key) FROM (SELECT {_escaped(column)}::pg_catalog.text AS key"
        f" FROM {only}{_escaped(qualified(keys.schema, keys.table))} LIMIT {MOST_KEYS + 1}) AS k)"
    )


def _escaped(text: str) -> str:
    """Text of the database's in a statement whose parameters are marked by %s."""
    return text.replace("%", "%%")


def halves(probe: Probe) -> Iterable[Probe]:
    """The probe in two, for when a row's evaluation raises and would take the others with it."""
    middle = len(probe.rows) // 2
    for rows in (probe.rows[:middle], probe.rows[middle:]):
        yield Probe(columns=probe.columns, expressions=probe.expressions, rows=rows)
