"""DDL that runs while the catalog is read: the look is taken again, or nothing is said; never a mixture."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from judged import contract, looked, named

from conformance.errors import CannotEvaluate
from conformance.model.outcome import Outcome
from conformance.sandbox import Server
from conformance.sources import database as source
from conformance.sources import opening
from conformance.sources.database import Session


@contextmanager
def meanwhile(url: str, *scripts: str) -> Iterator[list[str]]:
    """Each time that a look has taken its snapshot, the next script runs before the catalog is read."""
    left = list(scripts)
    run: list[str] = []
    original = Session._open

    def opened(self: Session) -> tuple[str, ...]:
        path = original(self)
        if left:
            run.append(left.pop(0))
            with psycopg.connect(url, autocommit=True) as migration:
                migration.execute(run[-1].encode())
        return path

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "_open", opened)
        yield run


def outcomes(url: str) -> dict[str, Outcome]:
    return {o.requirement.id: o for o in looked(url, contract())}


def roots(found: dict[str, Outcome]) -> set[str]:
    return {id_ for id_, o in found.items() if o.verdict in ("fail", "indeterminate") and o.because is None}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("DROP TABLE agent_documents CASCADE", {"0013/agent_documents/table"}),
        ("ALTER TABLE approval_requests DROP required_approvals", {"0028/approval_requests.required_approvals/column"}),
        ("DROP TABLE memories", {"0003/memories/table"}),
    ],
)
def test_what_was_dropped_is_looked_at_again(server: Server, database: str, script: str, expected: set[str]) -> None:
    url = named(server, database)
    with meanwhile(url, script) as run:
        found = roots(outcomes(url))
    assert run == [script]
    assert found in (expected, set()), "after, or as it was before: the snapshot's"


def test_a_dropped_table_is_never_half_there(server: Server, database: str) -> None:
    """Its defaults and checks cannot be printed any more; that is no sign that it has none."""
    url = named(server, database)
    with meanwhile(url, "DROP TABLE agent_documents CASCADE"):
        found = outcomes(url)
    assert {o.verdict for id_, o in found.items() if id_.startswith("0013/agent_documents")} == {"fail"}
    assert found["0013/agent_documents.priority/default"].because == "0013/agent_documents/table"


def test_a_schema_that_keeps_changing_is_not_judged(server: Server, database: str) -> None:
    url = named(server, database)
    again = "DROP TABLE IF EXISTS llm_usage; CREATE TABLE llm_usage (id int DEFAULT 1 CHECK (id > 0))"
    with meanwhile(url, again, again, again, again) as run, pytest.raises(CannotEvaluate) as caught:
        outcomes(url)
    assert len(run) == source._RETRIES == 3
    assert "the schema kept changing while it was read" in str(caught.value)
    assert "run again when its migration has ended" in str(caught.value)


def test_it_may_succeed_at_the_last_attempt(server: Server, database: str) -> None:
    url = named(server, database)
    again = "DROP TABLE IF EXISTS llm_usage; CREATE TABLE llm_usage (id int DEFAULT 1 CHECK (id > 0))"
    with meanwhile(url, again, again) as run:
        assert "0009/llm_usage.model/column" in roots(outcomes(url))
    assert len(run) == 2


def test_a_column_renamed_meanwhile_is_not_decided(server: Server, database: str) -> None:
    """The snapshot has the old name, the CHECK is printed with the new one."""
    url = named(server, database)
    with meanwhile(url, "ALTER TABLE approval_requests RENAME request_type TO kind"):
        found = outcomes(url)
    assert {found[f"0014/approval_requests.request_type/{claim}"].verdict for claim in ("accepts", "one-of")} == {
        "indeterminate"
    }


@pytest.mark.parametrize(
    "error", [psycopg.errors.InternalError_, psycopg.errors.UndefinedObject, psycopg.errors.UndefinedTable]
)
def test_what_the_server_cannot_find_is_asked_again(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch, error: type[psycopg.Error]
) -> None:
    """`could not open relation with OID`, and the like."""
    attempts = 0
    statement = opening.catalog_statement

    def once() -> str:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise error("could not open relation with OID 16384")
        return statement()

    monkeypatch.setattr(opening, "catalog_statement", once)
    assert roots(outcomes(named(server, database))) == set()
    assert attempts == 2


def test_looks_under_a_storm_of_ddl(server: Server, database: str) -> None:
    """Whatever runs beside a look, it says what was before, what is after, or that it cannot tell."""
    url = named(server, database)
    over = threading.Event()
    subject = "0014/approval_requests.request_type"

    def storm() -> None:
        with psycopg.connect(url, autocommit=True) as migration:
            while not over.is_set():
                with suppress(psycopg.Error):
                    migration.execute(
                        b"""
                        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
                        ALTER TABLE approval_requests ADD CONSTRAINT approval_requests_valid_request_type
                            CHECK (request_type IN ('plan', 'risky_task'));
                        DROP INDEX idx_approval_requests_request_type;
                        CREATE INDEX idx_approval_requests_request_type ON approval_requests (request_type);
                        ALTER TABLE approval_requests ALTER request_type DROP DEFAULT;
                        ALTER TABLE approval_requests ALTER request_type SET DEFAULT 'risky_task';
                        """
                    )

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        looks = 0
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            with suppress(CannotEvaluate):
                found = outcomes(url)
                looks += 1
                assert {found[f"{subject}/{claim}"].verdict for claim in ("column", "type", "not-null")} == {"pass"}
                assert {found[f"{subject}/{claim}"].verdict for claim in ("accepts", "one-of", "default", "index")} == {
                    "pass"
                }
    finally:
        over.set()
        thread.join()
    assert looks
