"""A role that may only connect gets every structural verdict that a superuser gets."""

from collections.abc import Iterator

import psycopg
import pytest
from deviating import script
from judged import conforming, contract, looked, named, told

from conformance.run import check
from conformance.sandbox import Server


@pytest.fixture
def visitor(server: Server, database: str) -> Iterator[str]:
    """A role that may connect, and may use no schema and read no table of ours."""
    with psycopg.connect(named(server, database), autocommit=True) as admin:
        admin.execute("CREATE ROLE visitor LOGIN")
        admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    yield named(server, database).replace("//postgres@", "//visitor@")
    with psycopg.connect(named(server, database), autocommit=True) as admin:
        admin.execute("DROP ROLE visitor")


def test_the_visitor_may_do_nothing(visitor: str) -> None:
    with psycopg.connect(visitor) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT FROM public.agents")


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_a_visitor_sees_all_of_a_conforming_database(server: Server, profile: str) -> None:
    database = f"visited_{profile}"
    server.create_database(database, template=conforming(server, profile))
    url = named(server, database)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {database} LOGIN".encode())
        admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    by_superuser = told(looked(url, contract(profile)))
    assert told(looked(url.replace("//postgres@", f"//{database}@"), contract(profile))) == by_superuser
    assert {verdict for _, verdict, *_ in by_superuser} <= {"pass", "not-applicable"} or profile == "reference"


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_a_visitor_sees_all_of_a_deviating_one(server: Server, database: str, visitor: str, profile: str) -> None:
    with psycopg.connect(named(server, database)) as admin:
        admin.execute(script().encode())
    by_superuser = told(looked(named(server, database), contract(profile), schema="public"))
    by_visitor = told(looked(visitor, contract(profile), schema="public"))
    unread = {id_ for (id_, *one), (_, *other) in zip(by_superuser, by_visitor, strict=True) if one != other}
    assert unread == {  # whose values are rows of a table that the visitor may not read
        "0018/agent_collaborators.collaborator_type/accepts",
        "0018/agent_collaborators.collaborator_type/one-of",
    } & {id_ for id_, verdict, *_ in by_superuser if verdict != "not-applicable"}
    verdicts = {id_: verdict for id_, verdict, *_ in by_visitor}
    assert {verdicts[id_] for id_ in unread} <= {"indeterminate"}
    assert {"pass", "fail", "indeterminate", "not-applicable"} >= set(verdicts.values()) >= {"pass", "fail"}


def test_a_visitor_is_named_in_the_report(visitor: str) -> None:
    report = check(visitor)
    assert report.target.current_user == "visitor"
    assert not report.target.superuser
    assert report.verdict == "pass"


def test_the_session_of_a_look_reads_only(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of a look runs in one transaction that is read-only, repeatable and short."""
    from conformance.sources.database import Session
    from conformance.sources.url import parse

    with Session(parse(named(server, database)), origin="a test") as session:
        session.catalog(contract().tables())
        settings = {
            name: session.connection.execute("SELECT pg_catalog.current_setting(%s)", (name,)).fetchone()
            for name in (
                "transaction_read_only", "transaction_isolation", "search_path", "row_security", "application_name",
                "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
            )
        }  # fmt: skip
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.connection.execute("CREATE TABLE public.t ()")
    assert {name: row[0] for name, row in settings.items() if row} == {
        "transaction_read_only": "on",
        "transaction_isolation": "repeatable read",
        "search_path": '""',
        "row_security": "off",
        "application_name": "conformance",
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }
