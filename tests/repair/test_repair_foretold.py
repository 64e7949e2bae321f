"""What would stop the script for the whole database's sake: it is got out of the way, or foretold, once."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from test_repair_names import TARGET
from test_repair_on_a_server import ran

import conformance
from conformance.model.record import replace
from conformance.model.repair import Stage, Step
from conformance.planning import Doing, Plan
from conformance.repair_script import script
from conformance.sandbox import Server
from conformance.taken import take

BROKEN = """
ALTER TABLE agents DROP CONSTRAINT agents_name_key CASCADE;
ALTER TABLE workers DROP CONSTRAINT workers_valid_status;
"""
REFUSING = """
CREATE FUNCTION refusing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''none today''; END';
CREATE EVENT TRIGGER frozen ON ddl_command_start WHEN TAG IN ('{tag}') EXECUTE FUNCTION refusing();
"""


@pytest.fixture
def broken(server: Server, database: str) -> str:
    url = server.url.replace("/postgres?", f"/{database}?")
    changed(url, BROKEN)
    return url


def changed(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


@pytest.mark.parametrize("setting", ["default_transaction_read_only = on", "transaction_timeout = '1s'"])
def test_what_sessions_begin_with_does_not_stop_it(broken: str, database: str, setting: str) -> None:
    changed(broken, f'ALTER DATABASE "{database}" SET {setting}')
    found = conformance.repair(broken)
    assert found.exit_code == 0
    with psycopg.connect(broken, autocommit=True) as connection:
        ran(connection, found.script)
        stays = ("default_transaction_read_only", "transaction_timeout")
        assert [connection.execute(f"SHOW {one}".encode()).fetchone() for one in stays] == [("off",), ("0",)]
    assert conformance.check(broken, strict=True).exit_code == 0


def test_what_names_mean_to_the_session_is_nothing_to_the_script(broken: str, database: str) -> None:
    changed(
        broken,
        f"""
        CREATE SCHEMA odd;
        CREATE FUNCTION odd.same(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
        CREATE OPERATOR odd.= (LEFTARG = text, RIGHTARG = text, FUNCTION = odd.same);
        ALTER DATABASE "{database}" SET search_path = odd, pg_catalog, public;
        """,
    )
    found = conformance.repair(broken)
    with psycopg.connect(broken, autocommit=True) as connection:
        ran(connection, found.script)
    assert conformance.check(broken, strict=True).exit_code == 0


def test_an_event_trigger_that_may_refuse_it_is_foretold(broken: str) -> None:
    changed(broken, REFUSING.format(tag="ALTER TABLE"))
    found = conformance.repair(broken)
    assert [one.stops for one in found.plan.blind] == ["what event trigger frozen refuses"]
    assert found.exit_code == 3
    assert "what event trigger frozen refuses" in found.script


@pytest.mark.parametrize("tag", ["CREATE VIEW", "ALTER INDEX"])
def test_an_event_trigger_that_the_script_does_not_fire_is_none_of_it(broken: str, tag: str) -> None:
    changed(broken, REFUSING.format(tag=tag))
    found = conformance.repair(broken, select="0008/workers.status/*")
    assert (found.plan.blind, found.exit_code) == ((), 0)
    with psycopg.connect(broken, autocommit=True) as connection:
        ran(connection, found.script)


def test_an_event_trigger_that_sleeps_is_none_of_it(broken: str) -> None:
    changed(broken, REFUSING.format(tag="ALTER TABLE") + "ALTER EVENT TRIGGER frozen DISABLE")
    assert conformance.repair(broken).exit_code == 0


def test_a_standby_is_looked_at_and_not_written_to() -> None:
    step = Step(stage=Stage.GONE, does="does", lock="none", sql="SELECT 1;")
    plan = Plan(doing=(Doing(step=step, mends=("0013/t/table",)),), left=())
    told = [script(plan, replace(TARGET, in_recovery=at), "c", "documented", "0028", "today") for at in (True, False)]
    assert ["run it on the primary" in " ".join(text.replace("--", "").split()) for text in told] == [True, False]


def test_what_a_snapshot_does_not_have_is_said_once(broken: str, tmp_path: Path) -> None:
    snapshot = tmp_path / "astra.json"
    snapshot.write_text(take(broken), encoding="utf-8")
    found = conformance.repair(str(snapshot))
    assert {one.why for one in found.plan.blind} == {"a snapshot does not say, the database itself does"}
    *rows, rest = found.plan.blind
    assert [one.stops.partition(" ")[0] for one in rows] == ["rows", "rows"]
    assert rest.mends == found.plan.mends
    assert found.exit_code == 3
    assert found.script.count("a snapshot does not say") == 1


def test_nothing_to_mend_in_a_snapshot_leaves_nothing_to_look_for(
    server: Server, database: str, tmp_path: Path
) -> None:
    snapshot = tmp_path / "astra.json"
    snapshot.write_text(take(server.url.replace("/postgres?", f"/{database}?")), encoding="utf-8")
    found = conformance.repair(str(snapshot))
    assert (found.plan.blind, found.exit_code) == ((), 0)
