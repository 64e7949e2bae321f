"""A table's name means what PostgreSQL takes it for: another relation that comes first, a schema that may not be used."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from judged import conforming, contract, looked

from conformance.model.outcome import Outcome
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.url import parse

TABLE = "0013/agent_documents/table"


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database of its own with a conforming schema, and a schema `early` that comes first."""
    made = server.create_database("what_a_name_means", template=conforming(server))
    with psycopg.connect(made, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA early; ALTER DATABASE what_a_name_means SET search_path = early, public")
    yield made
    server.drop_database("what_a_name_means")


def table(url: str) -> Outcome:
    return next(o for o in looked(url, contract()) if o.requirement.id == TABLE)


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("CREATE SEQUENCE early.agent_documents", "sequence"),
        ("CREATE TABLE early.x (a int); CREATE INDEX agent_documents ON early.x (a)", "index"),
        ("CREATE TYPE early.agent_documents AS (a int)", "composite type"),
    ],
)
def test_another_relation_has_the_name(url: str, script: str, what: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        assert table(url).verdict == "pass"
        owner.execute(script.encode())
    found = table(url)
    assert (found.verdict, len(found.findings)) == ("fail", 1)
    assert f"(early, public) the name means the {what} early.agent_documents" in found.observed


def test_a_relation_that_comes_later_changes_nothing(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER DATABASE what_a_name_means SET search_path = public, early")
        owner.execute("CREATE SEQUENCE early.agent_documents")
    assert table(url).verdict == "pass"


def test_a_schema_that_the_role_may_not_use_is_passed_over(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE early.agent_documents (x int)")
        owner.execute("DROP ROLE IF EXISTS passes_over; CREATE ROLE passes_over LOGIN")
    reader = url.replace("postgres@", "passes_over@")
    assert table(url).observed == "table early.agent_documents"
    assert table(reader).observed == "table public.agent_documents"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("GRANT USAGE ON SCHEMA early TO passes_over")
        assert table(reader).observed == "table early.agent_documents"
        owner.execute("REVOKE USAGE ON SCHEMA early FROM passes_over; DROP TABLE early.agent_documents")
        owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        assert table(reader).observed == "table public.agent_documents"  # no other has it: the auditor may look
        owner.execute("DROP ROLE passes_over")


def test_a_time_imposed_on_transactions_is_set_back(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ALTER DATABASE what_a_name_means SET transaction_timeout = '400ms'")
    with Session(parse(url), origin="a test") as session:
        session.catalog(["agents"])
        session.connection.execute("SELECT pg_sleep(0.6)")
