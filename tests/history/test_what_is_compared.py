"""What two moments of a database are told apart by, and by what they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from history.histories import Edit, by_id, replayed, written

from conformance.model.history_compare import differences
from conformance.sandbox import Server
from conformance.sources.replay_running import session
from conformance.sources.replay_shots import structure

BEFORE = """
CREATE TABLE one (id int PRIMARY KEY, name text, day date);
CREATE TABLE two (id int, day date) PARTITION BY RANGE (day);
CREATE SEQUENCE three;
CREATE DOMAIN four AS text;
CREATE TYPE five AS (a int);
CREATE FUNCTION six() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION seven() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE POLICY eight ON one USING (true);
CREATE POLICY nine ON one FOR INSERT WITH CHECK (id > 0);
CREATE SCHEMA ten;
"""


@pytest.fixture(scope="module")
def told(server: Server) -> Iterator[Callable[[str], tuple[str, ...]]]:
    """What a script changes."""
    url = server.create_database("compared")
    with session(url) as connection:
        connection.execute("DROP ROLE IF EXISTS eleven; CREATE ROLE eleven")
        connection.execute(BEFORE)

        def ask(script: str) -> tuple[str, ...]:
            before = structure(connection)
            connection.execute("BEGIN")
            try:
                connection.execute(script.encode())
                return differences(before, structure(connection))
            finally:
                connection.execute("ROLLBACK")

        yield ask
    server.drop_database("compared")
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("DROP ROLE eleven")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("GRANT SELECT ON one TO eleven", "table one should be , is granted eleven SELECT"),
        ("GRANT UPDATE (name) ON one TO eleven", "column one.name should be text, is text granted eleven UPDATE"),
        ("GRANT USAGE ON SCHEMA ten TO eleven", "schema ten"),
        ("REVOKE EXECUTE ON FUNCTION six() FROM public", "function six()"),
        ("ALTER TABLE one FORCE ROW LEVEL SECURITY", "table one should be , is forced"),
        ('ALTER TABLE one ALTER name TYPE text COLLATE "C"', "column one.name should be text, is text collate C"),
        ("CREATE TABLE part PARTITION OF two FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')", "table part is too much"),
        ("ALTER SEQUENCE three CYCLE", "sequence three"),
        ("ALTER SEQUENCE three INCREMENT 5", "sequence three"),
        ("ALTER DOMAIN four SET NOT NULL", "type four"),
        ("ALTER TYPE five ADD ATTRIBUTE b text", "column five.b is too much"),
        ("CREATE EVENT TRIGGER late ON ddl_command_end EXECUTE FUNCTION seven()", "event trigger late is too much"),
        ("CREATE STATISTICS of_two ON name, day FROM one", "statistics of_two is too much"),
        ("ALTER POLICY eight ON one TO eleven", "policy one.eight"),
        ("ALTER POLICY nine ON one WITH CHECK (id > 1)", "policy one.nine should be for a to public check (id > 0), is"),
        ("DROP POLICY nine ON one", "policy one.nine is missing"),
    ],
)  # fmt: skip
def test_what_is_told_apart(told: Callable[[str], tuple[str, ...]], script: str, says: str) -> None:
    assert any(line.startswith(says) for line in told(script)), told(script)


@pytest.mark.parametrize(
    "script",
    [
        "SELECT 1",
        "GRANT ALL ON one TO CURRENT_USER; GRANT SELECT ON one TO eleven; REVOKE ALL ON one FROM eleven",
        "REVOKE EXECUTE ON FUNCTION six() FROM public; GRANT EXECUTE ON FUNCTION six() TO public",
        "SELECT nextval('three'), setval('three', 100)",
        "INSERT INTO one VALUES (1, 'x')",
        "ALTER TABLE one DROP name; ALTER TABLE one ADD name text",
    ],
)
def test_what_is_not(told: Callable[[str], tuple[str, ...]], script: str) -> None:
    assert told(script) == ()


def test_a_policy_of_writing_and_a_search_path_of_the_file_are_no_difference(server: Server, tmp_path: Path) -> None:
    """What is the same in every way is no difference, whatever the session of the file was set to."""
    edits = (
        Edit("0002", "CREATE POLICY writers ON tasks FOR INSERT WITH CHECK (true);"),
        Edit("0004", "SELECT pg_catalog.set_config('search_path', '', false);"),
    )
    report = replayed(server, written(tmp_path / "history", *edits, through="0005"), ignore=("steps", "live-traffic"))
    told = {id_: outcome.observed for id_, outcome in by_id(report).items() if outcome.verdict == "fail"}
    assert told.keys() <= {"0002/runs-again", "0002/resumes", "0002/runs-again-later"}, told
    assert all("already exists" in observed for observed in told.values()), told


def test_a_migration_that_ends_its_own_session_is_told(server: Server, tmp_path: Path) -> None:
    edit = Edit("0002", "DO $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END $$;")
    report = replayed(server, written(tmp_path / "history", edit, through="0003"))
    found = by_id(report)["0002/steps"]
    assert (found.verdict, report.exit_code) == ("fail", 1)
    assert "terminating connection" in found.observed
