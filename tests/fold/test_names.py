"""Names are found after renames, drops and rollbacks; and nothing changes a map that is kept."""

from __future__ import annotations

import random

import psycopg
import pytest
from folds import folded
from hypothesis import given
from hypothesis import strategies as st

from conformance.fold.book import Book
from conformance.fold.calls import with_function, with_functions
from conformance.fold.condition import Clause, Condition
from conformance.fold.function import Function
from conformance.fold.harmless import EXECUTING, HARMLESS
from conformance.fold.named import Relations
from conformance.fold.schema import KeyIndex, Relation, Schema
from conformance.fold.tokens import tokens
from conformance.fold.vocabulary import Vocabulary
from conformance.sandbox import Server


def test_a_book_is_as_a_dict_and_stays_what_it_was() -> None:
    drawing = random.Random(0)
    book: Book[int, int] = Book()
    beside: dict[int, int] = {}
    kept: list[tuple[Book[int, int], dict[int, int]]] = []
    for step in range(3_000):
        key = drawing.randrange(600)
        if drawing.random() < 0.7:
            book, beside = book.put(key, step), {**beside, key: step}
        else:
            book = book.without(key)
            beside = {own: value for own, value in beside.items() if own != key}
        if step % 300 == 0:
            kept.append((book, beside))
    for one, other in [*kept, (book, beside)]:
        assert (dict(one), len(one)) == (other, len(other))
        assert all((key in one) == (key in other) for key in range(600))


def _relation(number: int, name: str, *indexes: str, check: str = "") -> Relation:
    checks = (Condition(name=check, clause=Clause(text="true", node=None)),) if check else ()
    made = tuple(KeyIndex(name=index, method="btree", keys=()) for index in indexes)
    return Relation(number=number, schema="public", name=name, kind="r", indexes=made, checks=checks)


def test_what_belongs_to_a_relation_goes_with_it() -> None:
    before = Relations().put(_relation(1, "a", "a_i", check="same")).put(_relation(2, "b", "b_i", check="same"))
    after = before.put(_relation(1, "c", "c_i")).without(2)
    assert [one.name for one in after.values()] == ["c"]
    assert [after.taken(("public", name)) for name in ("a", "a_i", "b", "b_i", "c", "c_i")] == [False] * 4 + [True] * 2
    assert after.with_index(("public", "c_i")) == after["public", "c"]
    assert not after.constrained(("public", "same"))
    assert before.without(1).constrained(("public", "same"))
    assert [one.name for one in before.values()] == ["a", "b"]
    assert before.taken(("public", "a_i"))


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("CREATE TABLE a (id int); BEGIN; ALTER TABLE a RENAME TO b; ROLLBACK; CREATE TABLE b (id int);", ["a", "b"]),
        (
            "CREATE TABLE a (id int); BEGIN; DROP TABLE a; SAVEPOINT s; CREATE TABLE a (n int); ROLLBACK TO s; COMMIT;",
            [],
        ),
        (
            "CREATE TABLE a (id int); CREATE INDEX i ON a (id); BEGIN; DROP INDEX i; ROLLBACK; ALTER INDEX i RENAME TO j;"
            "CREATE TABLE i (id int);",
            ["a", "i"],
        ),
        (
            "CREATE TABLE a (id int CONSTRAINT x UNIQUE); ALTER TABLE a DROP CONSTRAINT x; CREATE TABLE x ();",
            ["a", "x"],
        ),
    ],
)
def test_names_come_back_with_what_is_rolled_back(sql: str, names: list[str]) -> None:
    result = folded(sql)
    assert [doubt.why for doubt in result.doubts] == []
    assert [relation.name for relation in result.schema.relations.values()] == names


def test_a_function_more_is_as_if_all_were_gone_through() -> None:
    """What one adds to the functions that may change the structure is what all of them together say."""
    drawing = random.Random(5)
    names = [*"abcdefgh", "count", "query_to_xml"]
    for _ in range(400):
        schema = Schema()
        for number in range(drawing.randrange(1, 9)):
            calls = frozenset(drawing.sample(names, drawing.choice([0, 0, 1, 2])))
            made = Function(
                number=0, schema="public", name=drawing.choice(names[:9]), signature=str(number), language="sql", body="",
                acts=drawing.random() < 0.15, calls=calls, names=calls | frozenset(drawing.sample(names, 1)),
            )  # fmt: skip
            schema = with_function(schema, made)
        whole = with_functions(schema, schema.functions)
        assert (schema.acting, schema.called, schema.spoken) == (whole.acting, whole.called, whole.spoken)
        assert [one.number for one in schema.functions] == list(range(1, schema.next))


NAMED = """
    SELECT indexrelid::pg_catalog.regclass::text FROM pg_catalog.pg_index JOIN pg_catalog.pg_class c ON c.oid = indrelid
    WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
    UNION ALL SELECT conname FROM pg_catalog.pg_constraint
    WHERE connamespace = 'public'::pg_catalog.regnamespace AND contype IN ('c', 'u')
"""


def _names(statements: str) -> list[str]:
    schema = folded(statements).schema
    relations = list(schema.relations.values())
    indexes = [index for one in relations for index in one.indexes]
    checks = [check for one in (*relations, *schema.types.values()) for check in one.checks]
    return sorted([i.name for i in indexes] + [i.name for i in indexes if i.constraint] + [c.name for c in checks])


def test_what_has_no_name_gets_the_first_that_is_free(server: Server) -> None:
    """Among gaps left by what was dropped, renamed, moved by hand or rolled back."""
    drawing = random.Random(3)
    unnamed = [
        *("CREATE INDEX ON t (a)", "ALTER TABLE t ADD CHECK (a > 0)", "ALTER TABLE t ADD UNIQUE (a)"),
        *("ALTER TABLE u ADD CHECK (a > 0)", "ALTER DOMAIN d ADD CHECK (VALUE > 0)"),
    ]
    script = ["CREATE TABLE t (a int, b int)", "CREATE TABLE u (a int)", "CREATE DOMAIN d AS int"]
    for step in range(400):
        n = drawing.choice(["", *map(str, range(1, 30))])
        script.append(
            drawing.choice(
                [
                    *unnamed * 2,
                    f"DROP INDEX IF EXISTS t_a_idx{n}",
                    f"ALTER TABLE t DROP CONSTRAINT IF EXISTS t_a_check{n}",
                    f"ALTER TABLE t DROP CONSTRAINT IF EXISTS t_a_key{n}",
                    f"ALTER DOMAIN d DROP CONSTRAINT IF EXISTS d_check{n}",
                    f"ALTER INDEX IF EXISTS t_a_idx{n} RENAME TO other{step}",
                    f"CREATE INDEX IF NOT EXISTS t_a_idx{n} ON u (a)",
                    f"BEGIN; {'; '.join(unnamed)}; {drawing.choice(['ROLLBACK', 'COMMIT'])}",
                ]
            )
        )
    text = ";\n".join([*script, "ALTER TABLE t RENAME TO v", "ALTER TABLE u RENAME TO t", *unnamed[:3]]) + ";"
    url = server.create_database("unnamed")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in text.split(";\n"):
            connection.execute(statement.encode())
        found = sorted(name for (name,) in connection.execute(NAMED))
    server.drop_database("unnamed")
    assert _names(text) == found


VOLATILE = """SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.provolatile = 'v' AND p.prokind = 'f'"""
OF_ROWS = {
    "clock_timestamp", "currval", "gen_random_uuid", "lastval", "nextval", "pg_advisory_lock", "pg_advisory_unlock", "pg_advisory_unlock_all",
    "pg_advisory_xact_lock", "pg_notify", "pg_sleep", "pg_try_advisory_lock", "pg_try_advisory_xact_lock", "random",
    "setseed", "setval", "timeofday", "uuidv4", "uuidv7",
}  # fmt: skip


def test_what_is_held_to_be_harmless_reads_only(server: Server) -> None:
    """What a server calls volatile may do anything: of the harmless ones only those that are about rows are."""
    url = server.create_database("harmless")
    with psycopg.connect(url) as connection:
        volatile = {name for (name,) in connection.execute(VOLATILE)}
        known = {name for (name,) in connection.execute("SELECT proname FROM pg_catalog.pg_proc")}
    server.drop_database("harmless")
    assert volatile & HARMLESS <= OF_ROWS
    assert known >= EXECUTING
    assert not EXECUTING & HARMLESS


@given(st.lists(st.lists(st.text(max_size=3), max_size=6), max_size=12))
def test_a_vocabulary_is_a_set_that_stays_as_it_was(added: list[list[str]]) -> None:
    found, expected = Vocabulary(), frozenset[str]()
    kept: list[tuple[Vocabulary, frozenset[str]]] = []
    for words in added:
        found, expected = found.adding(words), expected | frozenset(words)
        kept.append((found, expected))
    for now, then in kept:
        assert set(now) == then
        assert len(now) == len(then)
        assert all(word in now for word in then)
        assert "nowhere" not in now
        assert {"nowhere"} | now == then | {"nowhere"}
        assert frozenset({"a", "nowhere"}) & now == then & {"a"}


@pytest.mark.parametrize("signs", ["+", "-+", "*-", "+*"])
def test_many_signs_in_a_row_are_told_apart_at_once(signs: str) -> None:
    few, many = tokens(signs * 3), tokens(signs * 100_000)
    assert "".join(token.value for token in few) == signs * 3
    assert all(token.value == (signs * 3)[token.start : token.end] for token in few)
    assert "".join(token.value for token in many) == signs * 100_000
