"""The splitter gives the text back, and what it takes for one statement is one to the server."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.errors import UsageError
from conformance.sandbox import Server
from conformance.sources.sql_statements import pieces, statements

FRAGMENTS = (
    "SELECT 1",
    "SELECT 'a; b'",
    "SELECT E'\\'; '",
    "SELECT E'a'\n  'b\\';c'",
    "SELECT 'it''s; '",
    'SELECT 1 AS "a;b"',
    'SELECT 1 AS "a""; b"',
    "SELECT $$;$$",
    "SELECT $a$ ; $$ ; $b$ $a$",
    "SELECT U&'\\0041;'",
    "SELECT 1 /* ; /* ; */ ; */ + 1",
    "SELECT 1 -- ; '",
    "SELECT (1)",
    "SELECT a$b FROM (SELECT 1 AS a$b) AS t",
    "SELECT '\\'",
    "DO $do$ BEGIN PERFORM 1; END $do$",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END",
    "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
    "BEGIN",
    "COMMIT",
    "SELECT 'ü', 'naïve; café' AS größe",
    "",
)
JOINTS = (";", ";\n", " ; ", ";\r\n", ";-- a comment; with 'quotes\n", "; /* and ; so on */\n")

texts = st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(JOINTS)), max_size=8)
anything = st.text(st.sampled_from(list("aeE'\"$;\\()-/*\n b1_")), max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.one_of(anything, st.text(max_size=40)))
def test_the_pieces_joined_give_any_text_back(text: str) -> None:
    found = pieces(text)
    assert "".join(piece.text for piece in found) == text
    at = 0
    for piece in found:
        assert piece.offset == at
        at += len(piece.text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_there_are_as_many_statements_as_were_written(parts: list[tuple[str, str]]) -> None:
    text = "".join(statement + ("\n" if "--" in statement else "") + joint for statement, joint in parts)
    wanted = [statement for statement, _ in parts if statement]
    found = statements(text)
    assert len(found) == len(wanted)
    for piece, statement in zip(found, wanted, strict=True):
        assert statement in piece.text
        assert piece.line == text.count("\n", 0, piece.offset + piece.text.index(statement))


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[psycopg.Connection]:
    url = server.create_database("statements")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (a int)")
        yield connection
    server.drop_database("statements")


@settings(max_examples=60, deadline=None)
@given(parts=texts)
def test_the_server_takes_each_piece_for_one_statement(
    session: psycopg.Connection, parts: list[tuple[str, str]]
) -> None:
    """The extended protocol refuses text of two statements with an error of its own."""
    text = "".join(statement + ("\n" if "--" in statement else "") + joint for statement, joint in parts)
    for piece in statements(text):
        if piece.words[0] in ("begin", "commit"):
            continue
        session.execute("DROP RULE IF EXISTS r ON t")
        session.execute(piece.text.encode(), prepare=True)


def test_two_statements_are_what_the_server_would_refuse(session: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.SyntaxError, match="multiple commands"):
        session.execute("SELECT 1; SELECT 2", prepare=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1;\n\\i other.sql\n", r"a.sql:2: \\i is a command of psql"),
        ("SELECT 1 \\gset", r"a.sql:1: \\gset is a command of psql"),
        ("SELECT 1;\n\nSELECT 'a;\nb", "a.sql:3: a quote that is opened here has no end"),
        ('SELECT "a', "a.sql:1: a quote that is opened here has no end"),
        ("SELECT E'a\\'", "a.sql:1: a quote that is opened here has no end"),
        ("\nDO $x$ BEGIN; $$", "a.sql:2: the quote \\$x\\$ that is opened here has no end"),
        ("SELECT 1; /* /* */", "a.sql:1: a comment that is opened here has no end"),
        ("COPY t (a) FROM stdin;\n1\n\\.\n", "a.sql:1: COPY … FROM stdin needs its rows from a client"),
    ],
)
def test_what_a_server_would_not_understand_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        statements(text, "a.sql")


@pytest.mark.parametrize("text", ["", " \n", "-- only a comment", "/* ; */", ";", " ; ;\n"])
def test_a_text_without_a_statement_has_none(text: str) -> None:
    assert statements(text) == ()
    assert "".join(piece.text for piece in pieces(text)) == text


def test_a_tail_belongs_to_the_last_statement() -> None:
    (first, last) = pieces("SELECT 1; SELECT 2; -- the end\n")
    assert (first.text, last.text) == ("SELECT 1;", " SELECT 2; -- the end\n")


def test_words_are_those_outside_of_quotes() -> None:
    (piece,) = statements("CREATE INDEX /* not */ CONCURRENTLY \"named\" ON t ('quoted')")
    assert piece.words == ("create", "index", "concurrently", "on", "t")
