"""`prove URL` and `prove snapshot.json`: the deployed schema is provoked, and the database is not touched."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from judged import conforming, named
from rebuilds import run

from conformance import prove, snapshot
from conformance.cli import main
from conformance.model.report import Report
from conformance.render import json as as_json
from conformance.render import text as as_text
from conformance.render.layout import Look
from conformance.sandbox import Server
from conformance.sources.opening import catalog_statement
from conformance.sources.particulars import STATEMENT

KEY = "0015/agents.name/unique"
NOT_NULL = "0001/agents.name/not-null"
DROPPED = "ALTER TABLE agents DROP CONSTRAINT agents_name_key"
FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "defects" / "unique"
ODD = """
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.status := trim(NEW.status); RETURN NEW; END';
CREATE TRIGGER trims BEFORE INSERT ON goals FOR EACH ROW EXECUTE FUNCTION g();
ALTER TABLE agents DROP CONSTRAINT agents_name_key;
"""


def proved(server: Server, source: str, *ids: str, **more: Any) -> Report:
    """The report of a run in a database of its own on the server of the tests."""
    return prove(source=source, server=server.url, select=ids or (KEY,), examples=5, **more)


def verdicts(report: Report) -> dict[str, str]:
    return {o.requirement.id: o.verdict for o in report.outcomes}


@pytest.mark.parametrize("scene", ["clean", "violation", "near_miss", "repair"])
def test_the_four_scenes(server: Server, database: str, scene: str) -> None:
    scripts = {
        "clean": "SELECT 1",
        "violation": DROPPED,
        "near_miss": f"{DROPPED}; CREATE UNIQUE INDEX other ON agents (name) INCLUDE (id)",
        "repair": f"{DROPPED}; ALTER TABLE agents ADD CONSTRAINT again UNIQUE (name)",
    }
    report = proved(server, run(server, database, scripts[scene]), KEY, NOT_NULL)
    assert verdicts(report) == {KEY: "fail" if scene == "violation" else "pass", NOT_NULL: "pass"}
    assert report.exit_code == (scene == "violation")
    assert report.target.database == database
    assert any("came out equal" in remark for remark in report.remarks)


PARTITIONED = """
CREATE TABLE parted (LIKE prompts INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY LIST (name);
DROP TABLE prompts CASCADE;
ALTER TABLE parted RENAME TO prompts;
CREATE TABLE rest PARTITION OF prompts DEFAULT;
ALTER TABLE prompts ADD UNIQUE (name, version);
"""


def test_a_partitioned_table_is_provoked(server: Server, database: str) -> None:
    """Its key cannot be the documented one: no partition knows what the others hold."""
    source = run(server, database, f"{PARTITIONED}; ALTER TABLE prompts ADD PRIMARY KEY (id, name)")
    told = verdicts(proved(server, source, "0011/prompts.id/*", "0011/prompts.name*", "0011/prompts/table"))
    assert told["0011/prompts/table"] == told["0011/prompts.name+version/unique"] == "pass"
    assert told["0011/prompts.id/primary-key"] == "fail"


def test_rows_of_an_heir_are_not_kept_apart_from_its_parents(server: Server, database: str) -> None:
    told = verdicts(proved(server, run(server, database, "CREATE TABLE heir () INHERITS (agents)"), KEY, NOT_NULL))
    assert told == {KEY: "indeterminate", NOT_NULL: "pass"}


def test_a_script_is_run_as_it_is_shown(server: Server, database: str) -> None:
    """Where --schema says to look, and with what no terminal shows."""
    unfolded = f"{DROPPED}; CREATE UNIQUE INDEX other ON agents (name) WHERE name <> E'x\\n'"
    source = run(server, database, f'{unfolded}; ALTER SCHEMA public RENAME TO "the app"; CREATE SCHEMA public')
    report = proved(server, source, KEY, "0015/agents.name/*", schema="the app")
    text = as_text.render(report, Look())
    shown = [line[14:] for line in text.splitlines() if line.startswith(("    script    ", " " * 14))]
    scripts = "\n".join(shown).split("ROLLBACK;")[:-1]
    assert len(scripts) == 2
    for script in scripts:
        with psycopg.connect(source, autocommit=True) as connection:
            connection.execute(script[script.index("BEGIN;") :].encode())
            connection.execute("ROLLBACK")
    assert r"E'x\U0000000a'" in scripts[0]


def test_a_snapshot_gives_what_the_database_gives(server: Server, database: str, tmp_path: Path) -> None:
    source = run(server, database, ODD)
    file = tmp_path / "s.json"
    file.write_text(snapshot(source), encoding="utf-8")
    ids = ("0015/*", "0001/goals*")
    reports = [proved(server, where, *ids) for where in (source, str(file))]
    outcomes = [json.loads(as_json.render(report))["outcomes"] for report in reports]
    assert outcomes[0] == outcomes[1]
    assert verdicts(reports[0])[KEY] == "fail"


def test_what_hangs_on_a_leftover_is_not_judged(server: Server, database: str) -> None:
    report = proved(server, run(server, database, ODD), "0001/goals*", "0015/*", "0001/tasks.goal_id/*")
    told = verdicts(report)
    goals = {id_: verdict for id_, verdict in told.items() if "/goals" in id_ and id_.count("/") == 2}
    assert set(goals.values()) == {"indeterminate"}
    assert told["0001/tasks.goal_id/foreign-key"] == "indeterminate", "it leads to a table that has a stranger's code"
    assert told[KEY] == "fail"
    note = next(o.note for o in report.outcomes if o.requirement.id in goals)
    assert note == "not provoked: trigger trims of goals: what its function does is not plain to see"
    assert f"not examined: {note.removeprefix('not provoked: ')}" in report.remarks
    entries = {b.requirement.id: b.entry for b in report.breaches}
    assert entries["0015/agents.name/no-duplicates"] == "gets in"
    assert {entry for id_, entry in entries.items() if "/goals" in id_} == {"not tried"}


def test_a_key_that_leads_elsewhere_bears_on_its_own_column(server: Server, database: str) -> None:
    """Of a column that may be left out; of one that may not, every row hangs on it."""
    sql = "CREATE TABLE zoo (id uuid PRIMARY KEY); ALTER TABLE agents ADD COLUMN zoo uuid REFERENCES zoo"
    source = run(server, database, sql)
    told = verdicts(proved(server, source, KEY, "0001/agents/table"))
    assert told == {KEY: "pass", "0001/agents/table": "indeterminate"}
    run(server, database, "ALTER TABLE agents ALTER zoo SET NOT NULL")
    assert verdicts(proved(server, source, KEY)) == {KEY: "indeterminate"}


def test_what_hangs_on_a_locale_is_said(server: Server, database: str) -> None:
    report = proved(
        server, run(server, database, "ALTER TABLE agents ADD CONSTRAINT k CHECK (name !~ '[[:upper:]]{3}')")
    )
    assert "beyond ASCII the sandbox folds and sorts text as in the locale C: the CHECK k of agents" in report.remarks


def test_without_a_fault_what_was_not_examined_is_no_pass(server: Server, database: str) -> None:
    report = proved(server, run(server, database, ODD), "0001/goals.status/not-null")
    assert report.exit_code == 3


def test_the_text_is_as_it_was_agreed(server: Server, database: str) -> None:
    """`CONFORMANCE_UPDATE_GOLDEN=1` writes the file anew."""
    report = proved(server, run(server, database, ODD), "0001/goals.status/not-null", KEY, "0015/agents.name/*")
    target = replace(
        report.target, address="reader@db/astra", database="astra", server_version="18.4", schemas=("public",)
    )
    target = replace(target, origin=target.origin.replace(report.target.address, target.address))
    text = as_text.render(replace(report, target=target, started="2026-01-31T12:00:00Z", seconds=1.0), Look())
    file = Path(__file__).parent / "golden" / "prove_source.txt"
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_the_database_gets_two_catalog_statements_alone(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a role that may only connect; what the driver sends and what the server counts."""
    source = run(server, database, ODD + "DROP ROLE IF EXISTS connecting; CREATE ROLE connecting LOGIN")
    source = source.replace("postgres@", "connecting@", 1)
    sent: list[str] = []
    execute, cursor_execute = psycopg.Connection.execute, psycopg.Cursor.execute

    def noting(run_it: Any) -> Any:
        def noted(self: Any, query: Any, *given: Any, **more: Any) -> Any:
            connection = self if isinstance(self, psycopg.Connection) else self.connection
            if connection.info.dbname == database:
                sent.append(query if isinstance(query, str) else query.decode())
            return run_it(self, query, *given, **more)

        return noted

    before = counted(server, database)
    monkeypatch.setattr(psycopg.Connection, "execute", noting(execute))
    monkeypatch.setattr(psycopg.Cursor, "execute", noting(cursor_execute))
    report = prove(source=source, select=(KEY, "0001/goals*"), examples=5)
    monkeypatch.undo()
    assert report.exit_code == 1
    begins = catalog_statement().partition("%(")[0]
    structure = [text for text in sent if text.startswith(begins)]
    opening = [text for text in sent if text not in (*structure, STATEMENT)]
    # the driver's connection hands on to its cursor, so that each is seen twice
    assert [text for text in sent if text not in opening] == structure[:1] * 2 + [STATEMENT] * 2
    begun = ("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", "ROLLBACK")
    assert all(text.lstrip().startswith(begun) for text in opening), opening
    assert counted(server, database) == before


def counted(server: Server, database: str) -> Any:
    """What the server counts of rows written in the database, and its sequences' and tables' state."""
    with psycopg.connect(named(server, database), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del), count(*) FROM pg_stat_user_tables"
        ).fetchone()
        return rows, connection.execute("SELECT count(*), max(oid) FROM pg_class").fetchone()


def test_a_database_that_is_not_there_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "postgresql://ann:s3cret@127.0.0.1:1/x"]) == 3
    assert "s3cret" not in capsys.readouterr().err


def test_the_command_takes_a_schema_and_a_snapshot(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = named(server, conforming(server))
    file = tmp_path / "s.json"
    assert main(["snapshot", source, "--schema", "public", "-o", str(file)]) == 0
    assert main(["prove", str(file), "--select", KEY, "--examples", "2", "--server", server.url]) == 0
    assert main(["prove", source, "--schema", "public", "--select", KEY, "--server", server.url]) == 0
    assert "rebuilt" in capsys.readouterr().out
    assert main(["prove", str(file), "--schema", "other"]) == 2
    assert main(["check", str(file), "--schema", "public"]) == 0
