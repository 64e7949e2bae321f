"""A204 and A016: what is said to be of a newer server is refused by an older one, and known to the newer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from conformance.model.sql import NO_NAMES
from conformance.sandbox import Server

FOLDER = Path(__file__).parents[2] / "fixtures" / "lints"
SETUP = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE agents (id uuid PRIMARY KEY, name text, priority int, body text, a int, b int, span int4range,
                     during tstzrange, double int GENERATED ALWAYS AS (1 * 2) STORED);
CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b));
ALTER TABLE agents ADD CONSTRAINT c FOREIGN KEY (a, b) REFERENCES pairs;
CREATE TABLE a (i int); CREATE TABLE b (i int);
CREATE VIEW v AS SELECT i AS a FROM a;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE events (id uuid, at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
"""
ROLE = "DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


def hits(code: str) -> Iterator[object]:
    """Each statement that is a hit up to a major, and the first major that knows it; None where none does."""
    text = (FOLDER / f"{code.lower()}.sql").read_text(encoding="utf-8")
    for part in text.split("-- == hit")[1:]:
        body = part.partition("-- == ")[0].partition("\n")[2].replace("-- another file\n", "")
        major = re.search(r"^-- postgres (\d+)$", body, re.MULTILINE)
        yield pytest.param(body, int(major[1]) + 1 if major else None, id=f"{code}{part.partition(chr(10))[0]}")


def accepted(url: str, sql: str) -> bool:
    """Whether the server takes what comes last; nothing of it stays."""
    *before, last = [part for part in re.split(r";\n", sql) if part.strip()]
    alone = "CONCURRENTLY" in sql or "CLUSTER" in sql  # which no transaction can hold
    with psycopg.connect(url, autocommit=alone) as connection:
        for statement in (["DROP TABLE events"] if before else []) + before:
            connection.execute(statement.encode())
        try:
            connection.execute(last.encode())
        except (psycopg.ProgrammingError, psycopg.NotSupportedError, psycopg.DataError):
            return False
        finally:
            connection.rollback()
            if alone:
                connection.execute(SETUP)
        return True


@pytest.fixture(scope="module")
def urls(server: Server, older_server: Server) -> Iterator[dict[int, str]]:
    running = {int(one.version.split(".")[0]): one for one in (older_server, server)}
    found = {major: one.create_database("what_it_knows") for major, one in running.items()}
    for url in found.values():
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"{ROLE}; {SETUP}".encode())
    yield found
    for one in running.values():
        one.drop_database("what_it_knows")


@pytest.mark.parametrize(("sql", "since"), [*hits("A204"), *hits("A016")])
def test_it_is_known_from_that_major_on(urls: dict[int, str], sql: str, since: int | None) -> None:
    for major, url in urls.items():
        assert accepted(url, sql) is (since is not None and major >= since), major


def test_the_reserved_words_are_the_servers(urls: dict[int, str]) -> None:
    """A410. A word that only newer servers reserve is a name to the others."""
    for url in urls.values():
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')").fetchall()
        assert {word for (word,) in rows} - {"system_user"} == NO_NAMES
