"""`prove URL --in-place`: the very database is provoked, and nothing of it is left but used-up sequence values.

`CONFORMANCE_LARGE=1` tries ten thousand examples and more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from judged import conforming, named
from majors import TRIED

from conformance import check, prove
from conformance.cli import main
from conformance.errors import CannotEvaluate, UsageError
from conformance.fixtures_of import fill
from conformance.model.report import Report
from conformance.render import text as as_text
from conformance.render.layout import Look
from conformance.sandbox import Server
from conformance.sources import in_place

KEY = "0015/agents.name/unique"
LARGE = bool(os.environ.get("CONFORMANCE_LARGE"))
ROOT = Path(__file__).parent.parent.parent

STATE = """
SELECT md5(string_agg(x, '' ORDER BY x)) FROM (
    SELECT concat(oid, relname, relkind, relnatts, relacl) AS x FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat(oid, proname) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat(oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat(oid, conname) FROM pg_constraint
    UNION ALL SELECT concat(oid, rolname) FROM pg_roles
    UNION ALL SELECT concat(setdatabase, setrole, setconfig::text) FROM pg_db_role_setting
) AS s
"""


@pytest.fixture
def lived_in(server: Server) -> Iterator[str]:
    """The name of a database with our migrations and the small world."""
    name = f"lived_in_{uuid4().hex}"
    fill(server.create_database(name, template=conforming(server)), "0028")
    run(server, name, "SELECT setval(pg_get_serial_sequence('events', 'id'), 1000000)")  # its rows bring their ids
    yield name
    server.drop_database(name)


def state(server: Server, database: str) -> dict[str, Any]:
    """All rows of all tables and what the catalog has; sequences aside."""
    with psycopg.connect(named(server, database)) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
        rows = {
            table: connection.execute(
                f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" AS t'
            ).fetchone()
            for (table,) in tables
        }
        return {**rows, "": connection.execute(STATE).fetchone()}


def proved(server: Server, database: str, *ids: str, role: str = "postgres", examples: int = 5) -> Report:
    source = named(server, database).replace("postgres@", f"{role}@", 1)
    return prove(source=source, in_place=database, select=ids, examples=examples)


def run(server: Server, database: str, sql: str) -> None:
    with psycopg.connect(named(server, database), autocommit=True) as connection:
        connection.execute(sql.encode())


def verdicts(report: Report) -> dict[str, str]:
    return {o.requirement.id: o.verdict for o in report.outcomes}


def test_nothing_is_left_of_many_examples(server: Server, lived_in: str) -> None:
    before = state(server, lived_in)
    report = proved(server, lived_in, *(() if LARGE else ("0001/*", "0013/*")), examples=40 if LARGE else 2)
    assert report.exit_code == 0
    tried = sum(o.evidence["examined"] for o in report.outcomes)
    assert tried >= (10_000 if LARGE else 500)
    assert state(server, lived_in) == before
    assert {o.verdict for o in report.outcomes} <= {"pass", "not-applicable"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_nothing_is_left_of_a_run_that_was_killed(server: Server, lived_in: str) -> None:
    before = state(server, lived_in)
    source = named(server, lived_in)
    command = [sys.executable, "-m", "conformance", "prove", source, "--in-place", "--i-own-this-database", lived_in]
    working = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as running,
        psycopg.connect(server.url, autocommit=True) as watch,
    ):
        until = time.monotonic() + 60
        while time.monotonic() < until and watch.execute(working, [lived_in]).fetchone() != (1,):
            time.sleep(0.002)
        time.sleep(1)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=30)
        left = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        while time.monotonic() < until and watch.execute(left, [lived_in]).fetchone() != (0,):
            time.sleep(0.01)
        assert watch.execute(left, [lived_in]).fetchone() == (0,)
    assert state(server, lived_in) == before


SCENES = {
    "clean": ("SELECT 1", "pass"),
    "violation": ("ALTER TABLE agents DROP CONSTRAINT agents_name_key", "fail"),
    "near miss": (
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX other ON agents (name, id);"
        "CREATE UNIQUE INDEX again ON agents (name)",
        "pass",
    ),
    "lower case": ("CREATE UNIQUE INDEX lower ON agents (lower(name))", "fail"),
    "repair": (
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; ALTER TABLE agents ADD CONSTRAINT again UNIQUE (name)",
        "pass",
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_scenes_among_rows_that_are_there(server: Server, lived_in: str, scene: str) -> None:
    sql, verdict = SCENES[scene]
    run(server, lived_in, sql)
    assert verdicts(proved(server, lived_in, KEY)) == {KEY: verdict}


def test_the_text_is_as_it_was_agreed(server: Server, lived_in: str) -> None:
    """`CONFORMANCE_UPDATE_GOLDEN=1` writes the file anew."""
    run(server, lived_in, SCENES["violation"][0])
    report = proved(server, lived_in, KEY)
    target = replace(report.target, address="owner@db/staging", database="staging", server_version="18.4")
    text = as_text.render(replace(report, target=target, started="2026-01-31T12:00:00Z", seconds=1.0), Look())
    file = Path(__file__).parent / "golden" / "in_place.txt"
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_what_excludes_each_other_is_said_in_python_too() -> None:
    for given in (
        {"migrations": "m", "source": "s"},
        {"in_place": "n"},
        {"in_place": "n", "source": "s", "server": "x"},
    ):
        with pytest.raises(UsageError, match="exclude each other"):
            prove(**given)  # type: ignore[arg-type]


def test_its_own_triggers_rules_and_policies_are_provoked(server: Server, lived_in: str) -> None:
    run(
        server,
        lived_in,
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.status := trim(NEW.status); RETURN NEW; END';"
        "CREATE TRIGGER trims BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION g();"
        "CREATE RULE silent AS ON UPDATE TO workers DO INSTEAD NOTHING;"
        "DROP ROLE IF EXISTS writer; CREATE ROLE writer LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO writer;"
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO writer;"
        "ALTER TABLE prompts ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON prompts USING (false)",
    )
    ids = ("0008/agents.status/one-of", "0011/prompts/table", KEY)
    told = verdicts(proved(server, lived_in, *ids, role="writer"))
    assert told == {ids[0]: "fail", ids[1]: "fail", KEY: "pass"}
    above = proved(server, lived_in, *ids)
    assert verdicts(above)[ids[1]] == "pass"
    assert any("policies of prompts were not provoked" in remark for remark in above.remarks)


def test_what_only_two_sessions_could_tell_is_no_pass(server: Server, lived_in: str) -> None:
    """A trigger that looks for the key does not see what another session has not committed; races are left out."""
    run(
        server,
        lived_in,
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF EXISTS (SELECT FROM agents AS a WHERE a.name = NEW.name AND a.id <> NEW.id) THEN RAISE unique_violation;"
        " END IF; RETURN NEW; END $$; CREATE TRIGGER once BEFORE INSERT OR UPDATE ON agents"
        " FOR EACH ROW EXECUTE FUNCTION once()",
    )
    report = proved(server, lived_in, KEY)
    assert (verdicts(report), report.exit_code) == ({KEY: "indeterminate"}, 3)
    assert "races were left out" in report.outcomes[0].note


def test_a_rule_in_the_way_of_a_foreign_key_ends_no_run(server: Server, lived_in: str) -> None:
    """The server calls it an internal error, and it is the schema's: the goals of an agent do not go with it."""
    run(server, lived_in, "CREATE RULE none AS ON DELETE TO goals DO INSTEAD NOTHING")
    ids = ("0001/goals.agent_id/on-delete", "0001/goals.agent_id/foreign-key", KEY)
    report = proved(server, lived_in, *ids)
    told = verdicts(report)
    assert told.keys() == set(ids)
    assert (told[ids[0]], told[KEY]) == ("fail", "pass")
    outcome = next(o for o in report.outcomes if o.requirement.id == ids[0])
    assert outcome.observed.startswith("refused: referential integrity query")


FREEZES = (
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {body} RETURN {row}; END';"
    "CREATE TRIGGER freezes BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION f()"
)


def test_a_column_that_an_update_does_not_change_departs(server: Server, lived_in: str) -> None:
    body = "NEW.trust_score := OLD.trust_score; NEW.created_at := OLD.created_at; NEW.org_id := OLD.org_id;"
    run(server, lived_in, FREEZES.format(body=body, row="NEW", table="agents"))
    ids = (
        "0027/agents.trust_score/type",
        "0027/agents.tags/type",
        "0001/agents.created_at/type",
        "0018/agents.org_id/type",
    )
    report = proved(server, lived_in, *ids)
    assert verdicts(report) == {ids[0]: "fail", **dict.fromkeys(ids[1:], "pass")}
    (outcome,) = (o for o in report.outcomes if o.verdict == "fail")
    assert outcome.observed == "an UPDATE leaves '0.5'"
    assert "UPDATE agents SET trust_score = " in (outcome.findings[0].script or "")


@pytest.mark.parametrize(
    ("body", "row", "table", "id_"),
    [
        ("RAISE EXCEPTION $x$it is decided$x$;", "NEW", "tasks", "0001/tasks.priority/type"),
        ("", "NULL", "tasks", "0001/tasks.priority/type"),
        ("", "OLD", "events", "0006/events.payload/type"),
    ],
    ids=["refused", "no row", "a record"],
)
def test_rows_that_are_kept_as_they_are_depart_from_nothing(
    server: Server, lived_in: str, body: str, row: str, table: str, id_: str
) -> None:
    run(server, lived_in, FREEZES.format(body=body, row=row, table=table))
    assert verdicts(proved(server, lived_in, id_)) == {id_: "pass"}


def test_a_role_without_rights_tells_nothing(server: Server, lived_in: str) -> None:
    run(
        server,
        lived_in,
        "DROP ROLE IF EXISTS reader_only; CREATE ROLE reader_only LOGIN;"
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_only; GRANT INSERT ON goals TO reader_only",
    )
    report = proved(server, lived_in, KEY, role="reader_only")
    assert verdicts(report) == {KEY: "indeterminate"}
    assert "lacks the right to INSERT, UPDATE, DELETE" in report.outcomes[0].note
    assert report.exit_code == 3


def test_a_role_that_may_not_draw_from_a_sequence_tells_nothing(server: Server, lived_in: str) -> None:
    run(
        server,
        lived_in,
        "DROP ROLE IF EXISTS drawer; CREATE ROLE drawer LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO drawer",
    )
    id_ = "0006/events.id/default"
    report = proved(server, lived_in, id_, role="drawer")
    outcome = next(o for o in report.outcomes if o.requirement.id == id_)
    assert outcome.verdict == "indeterminate"
    assert "permission denied for sequence" in outcome.note


def test_policies_that_the_owner_stands_above_are_said(server: Server, lived_in: str) -> None:
    run(
        server,
        lived_in,
        "DROP ROLE IF EXISTS an_owner; CREATE ROLE an_owner LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO an_owner;"
        "ALTER TABLE prompts OWNER TO an_owner; ALTER TABLE prompts ENABLE ROW LEVEL SECURITY",
    )
    report = proved(server, lived_in, "0011/prompts/table", role="an_owner")
    assert any("policies of prompts were not provoked" in remark for remark in report.remarks)
    run(server, lived_in, "ALTER TABLE prompts FORCE ROW LEVEL SECURITY")
    report = proved(server, lived_in, "0011/prompts/table", role="an_owner")
    assert verdicts(report)["0011/prompts/table"] == "fail"
    assert not any("were not provoked" in remark for remark in report.remarks)


def test_a_row_that_is_in_the_way_is_no_departure(server: Server, lived_in: str) -> None:
    id_ = "0001/agents.name/type"
    run(server, lived_in, "INSERT INTO agents (name) VALUES ('x'), (''), (' x ')")
    outcome = next(o for o in proved(server, lived_in, id_).outcomes if o.requirement.id == id_)
    assert outcome.verdict == "pass"
    assert outcome.evidence["told_nothing"] >= 3
    assert "tell nothing: a row that was there already has this key" in outcome.note


def test_a_server_that_only_reads_is_no_departure(server: Server, lived_in: str) -> None:
    run(server, lived_in, f'ALTER DATABASE "{lived_in}" SET default_transaction_read_only = on')
    assert verdicts(proved(server, lived_in, KEY)) == {KEY: "indeterminate"}


def test_a_lock_that_comes_and_goes_is_no_pass(server: Server, lived_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was lost to it may have been the one that departs."""
    monkeypatch.setattr(in_place, "_PATIENCE", 10_000)
    monkeypatch.setattr(in_place, "LOCK_TIMEOUT", "10ms")
    with psycopg.connect(named(server, lived_in)) as other:
        other.execute("LOCK TABLE goals IN SHARE MODE")
        report = proved(server, lived_in, "0001/goals.status/*", KEY, examples=1)
    told = verdicts(report)
    assert told.pop(KEY) == "pass"
    assert set(told.values()) == {"indeterminate"}
    assert all("lost to an accident" in o.note for o in report.outcomes if o.verdict == "indeterminate")


def test_a_lock_of_others_ends_the_run_soon_and_without_a_verdict(server: Server, lived_in: str) -> None:
    with psycopg.connect(named(server, lived_in)) as other:
        other.execute("LOCK TABLE agents IN SHARE MODE")
        began = time.monotonic()
        with pytest.raises(CannotEvaluate, match="lock of another session"):
            prove(source=named(server, lived_in), in_place=lived_in, select=("0001/agents*",))
        assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "arguments",
    [
        "--in-place",
        "--i-own-this-database {name}",
        "--in-place --i-own-this-database other",
        "--in-place --i-own-this-database {name} --sandbox embedded",
        "--in-place --i-own-this-database {name} --server postgresql://x/y",
    ],
)
def test_another_database_than_was_named_is_not_touched(
    server: Server, capsys: pytest.CaptureFixture[str], arguments: str
) -> None:
    name = conforming(server)
    before = written(server)
    assert main(["prove", named(server, name), *arguments.format(name=name).split()]) == 2
    assert capsys.readouterr().err.startswith("conformance: ")
    assert written(server) == before


def written(server: Server) -> Any:
    """How much the server has written, but for what it writes by itself."""
    with psycopg.connect(named(server, conforming(server))) as connection:
        return connection.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables").fetchone()


def test_it_takes_a_url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.json"
    file.write_text("{}", encoding="utf-8")
    for source in ([], [str(file)]):
        assert main(["prove", *source, "--in-place", "--i-own-this-database", "x"]) == 2
        assert "give its URL" in capsys.readouterr().err


@pytest.mark.majors
@pytest.mark.parametrize("id_", ["0015/agents.name/unique", "0018/users.email/unique"])
def test_a_collation_that_folds_is_judged_as_check_does(of_major: Callable[[int], Server], id_: str) -> None:
    """Which texts are one is then for the collation to say; the wheel's servers have none that folds."""
    server = of_major(TRIED[0])
    name = f"folding_{uuid4().hex}"
    server.create_database(name, template=conforming(server))
    table, _, column = id_.split("/")[1].partition(".")
    fold = "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
    run(server, name, f"{fold}; ALTER TABLE {table} ALTER {column} TYPE text COLLATE folding")
    checked = check(named(server, name), select=id_).outcomes[0]
    provoked = proved(server, name, id_, examples=30).outcomes[0]
    said = f"{column} by the folding collation public.folding: more values are equal"
    assert (checked.verdict, checked.note) == ("pass", said)
    assert (provoked.verdict, provoked.note.partition("; ")[0]) == ("pass", said), provoked.observed
    run(server, name, f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_key")
    assert proved(server, name, id_).outcomes[0].verdict == "fail"
    server.drop_database(name)
