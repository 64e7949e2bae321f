"""Many questions travel as one SELECT: each gets its own answer."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from conformance.model.question import Accepted, Answer, Constant, Probe, Question, Text, Unanswered
from conformance.sandbox import Server
from conformance.sources import answer
from conformance.sources.asking import ask


def probe(columns: dict[str, str], expression: str, *rows: tuple[str | None, ...]) -> Probe:
    """A probe whose types are PostgreSQL's own."""
    return Probe(
        columns=tuple((name, f"pg_catalog.{type_}") for name, type_ in columns.items()),
        expressions=(expression,),
        rows=rows,
    )


ASKED: dict[Question, Answer] = {
    probe({"ccc": "text"}, "(ccc = 'a'::text)", ("a",), ("b",), (None,)): Accepted(rows=(True, False, True)),
    probe({"ccc": "text"}, "(ccc = 'a'::text)", ("b",), ("a",)): Accepted(rows=(False, True)),
    Constant(expression="1 + 1", cast="pg_catalog.int4"): Text(values=("2",)),
    probe({"ccc": "int4"}, "(ccc > 1)", ("1",), ("2",)): Accepted(rows=(False, True)),
    probe({"ccc": "text", "ddd": "text"}, "(ccc = ddd)", ("x", "x"), ("x", "y")): Accepted(rows=(True, False)),
    probe({"ddd": "text"}, "(ddd = '%'::text)", ("%",), ("\\",)): Accepted(rows=(True, False)),
    probe({"ddd": "text", "ccc": "text"}, "(ccc > ddd)", ("a", "b"), ("b", "a")): Accepted(rows=(True, False)),
    probe({"eee": "text", "fff": "text"}, "(eee > fff)", ("a", "b"), ("b", "a")): Accepted(rows=(False, True)),
    probe({"fff": "text", "eee": "text"}, "(eee > fff)", ("a", "b"), ("b", "a")): Accepted(rows=(True, False)),
    probe({"ccc": "text", "eee": "text"}, "(eee > ccc)", ("a", "b"), ("b", "a")): Accepted(rows=(True, False)),
    probe({"a": "text[]"}, "(a[1] = 'x y'::text)", ('{"x y"}',), ("{}",), (None,)): Accepted(rows=(True, True, True)),
    probe({"a": "int4[]"}, "(a[1] = 2)", ("{2,3}",), ("{3,2}",)): Accepted(rows=(True, False)),
    probe({"row_0": "text"}, "(row_0 = '1'::text)", ("1",), ("2",)): Accepted(rows=(True, False)),
    probe({'it"s 100%': "text"}, "(\"it\"\"s 100%\" <> ''::text)", ("",), ("x",)): Accepted(rows=(False, True)),
    probe({"ccc": "text"}, "(ccc = 'a'::text)"): Accepted(rows=()),
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """In a transaction, as `ask` wants it."""
    with psycopg.connect(server.url) as connection:
        connection.execute("SET LOCAL search_path = ''")
        yield connection


def test_each_question_has_its_own_answer(connection: psycopg.Connection[Any]) -> None:
    assert ask(connection, tuple(ASKED)) == ASKED
    assert all(ask(connection, (question,)) == {question: ASKED[question]} for question in ASKED)


def test_few_scans_do() -> None:
    """A name that means two things needs another scan; all else shares one."""
    assert answer.statement(tuple(ASKED)).text.count("unnest") == 7
    same = [probe({f"c{number}": "text"}, f"c{number} > ''", ("x",)) for number in range(9)]
    assert answer.statement(same).text.count("unnest") == 1


def test_a_row_that_raises_is_refused_and_takes_no_other_with_it(connection: psycopg.Connection[Any]) -> None:
    raising = probe({"ccc": "text"}, "(ccc::int4 > 0)", ("1",), ("x",), ("0",))
    lost = probe({"ddd": "text"}, "(nothing > ddd)", ("1",))
    found = ask(connection, (raising, lost, *ASKED))
    assert found.items() >= ASKED.items()
    assert found[raising] == Accepted(rows=(True, False, False))
    assert isinstance(found[lost], Unanswered)


@pytest.mark.parametrize("name", ["other", "Other", "o$", 'o"'])
def test_an_expression_sees_no_column_but_its_own(connection: psycopg.Connection[Any], name: str) -> None:
    """What speaks of a column that it was not given is not answered, although another question has one of that name."""
    lost = probe({"ccc": "text"}, f"(ccc > {quoted(name)})", ("1",))
    own = probe({name: "text"}, f"({quoted(name)} > ''::text)", ("1",))
    for both in ((lost, own), (own, lost)):
        found = ask(connection, both)
        assert isinstance(found[lost], Unanswered)
        assert found[own] == Accepted(rows=(True,))


def quoted(name: str) -> str:
    """The name as PostgreSQL prints it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
