"""Our own schemas provoked as a whole: both profiles, both majors, at any migration; and what a run leaves behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from judged import contract
from sandboxes import changed, proved, shown

from conformance import prove
from conformance.errors import UsageError
from conformance.fixtures_of import migrations
from conformance.model.report import Report
from conformance.render import json as as_json
from conformance.render import text as as_text
from conformance.sandbox import Server

SOME = ("0015/*", "0013/agent_documents*")


@pytest.mark.parametrize("major", ["server", "older_server"])
@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_our_own_schema_keeps_every_law(request: pytest.FixtureRequest, profile: str, major: str) -> None:
    server: Server = request.getfixturevalue(major)
    with changed(server, "", profile) as url:
        outcomes = proved(url, None, profile, examples=2)
    bad = [o for o in outcomes if o.verdict in ("fail", "indeterminate") and o.requirement.level != "may"]
    assert not bad, [(o.requirement.id, o.observed, o.note) for o in bad]
    alive = [r for r in contract(profile).requirements if r.alive("0028") and r.claim != "index"]
    assert sum(o.verdict == "pass" for o in outcomes) >= len(alive) - 1
    assert not sum(o.evidence.get("told_nothing", 0) for o in outcomes), "every example tells something"


@pytest.mark.parametrize("through", ["0012", "0018"])
def test_an_earlier_schema_keeps_the_laws_of_its_time(server: Server, through: str) -> None:
    with changed(server, "", "reference", through) as url:
        outcomes = proved(url, None, "reference", through, examples=1)
    bad = [o for o in outcomes if o.verdict in ("fail", "indeterminate") and o.requirement.level != "may"]
    assert [o.requirement.id for o in bad] == []


def still(report: Report) -> Report:
    """The report without its times."""
    return replace(report, started="", seconds=0.0)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = _copied(tmp_path, "ALTER TABLE agents DROP CONSTRAINT agents_name_key;")
    reports = [prove(folder, select=SOME, seed=7, examples=5) for _ in range(2)]
    assert as_json.render(still(reports[0])) == as_json.render(still(reports[1]))
    assert as_text.render(still(reports[0])) == as_text.render(still(reports[1]))
    assert reports[0].exit_code == 1


def test_a_report_says_what_the_database_does_not_enforce(tmp_path: Path) -> None:
    report = prove(select=("0002/*", "0015/*"), examples=1)
    entry = {b.requirement.id: b for b in report.breaches}
    assert entry["0002/task_dependencies/acyclic"].entry == "gets in"
    assert (entry["0002/task_dependencies/acyclic"].script or "").count("INSERT INTO task_dependencies") == 1
    assert entry["0015/agents.name/no-duplicates"].entry == "refused"
    assert "agents_name_key" in entry["0015/agents.name/no-duplicates"].detail
    assert report.exit_code == 0, "what no constraint can keep is no departure"
    text = as_text.render(report)
    assert "not enforced by the database: " in text
    assert "0002/task_dependencies/acyclic" in text


def test_every_script_that_gets_in_does_so_again(server: Server) -> None:
    report = prove(select=("000*",), examples=1)
    with changed(server, "") as url:
        for breach in report.breaches:
            if breach.script:
                assert shown(url, breach.script) == "accepted", breach.requirement.id


def test_what_is_waived_for_another_command_is_not_waived_in_vain(tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        '[[waiver]]\nrequirement = "0015/agents.name/unique"\nreason = "until the next window"\n'
        'owner = "dba@example.org"\nexpires = 2099-01-31\n'
    )
    report = prove(select=("0015/*",), examples=1, waivers=waivers)
    assert [o.verdict for o in report.outcomes] == ["pass"]


def test_a_folder_has_to_hold_migrations(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no migration"):
        prove(tmp_path)
    with pytest.raises(UsageError, match="not there"):
        prove(tmp_path / "nowhere")


def test_pairs_and_marked_files_are_run_as_a_replay_runs_them(tmp_path: Path) -> None:
    """What goes down is not run, and an index that is built CONCURRENTLY stands in no transaction."""
    for file in migrations("documented", "0028"):
        text = file.read_text(encoding="utf-8")
        if file.name < "0014":
            (tmp_path / f"{file.stem}.up.sql").write_text(text, encoding="utf-8")
            (tmp_path / f"{file.stem}.down.sql").write_text("DROP SCHEMA public CASCADE;\n", encoding="utf-8")
        else:
            down = "-- migrate:down\nDROP TABLE agents CASCADE;\n"
            (tmp_path / file.name).write_text(f"-- migrate:up\n{text}\n{down}", encoding="utf-8")
    last = next(tmp_path.glob("0028_*.sql"))
    index = "CREATE INDEX CONCURRENTLY few ON agents (trust_score);"
    last.write_text(last.read_text("utf-8").replace("-- migrate:down", f"{index}\n-- migrate:down"), encoding="utf-8")
    (tmp_path / "seed.sql").write_text("DROP TABLE goals CASCADE;\n", encoding="utf-8")
    report = prove(tmp_path, select=("0015/agents.name/unique", "0001/goals/table"), examples=1)
    assert {o.verdict for o in report.outcomes} == {"pass"}
    assert "not run, since no number is in the name: seed.sql" in report.remarks


def test_what_no_law_is_about_cannot_be_asked_for_alone() -> None:
    with pytest.raises(UsageError, match="there are laws of"):
        prove(select=("*/index",))


def _copied(folder: Path, more: str) -> Path:
    """Our migrations in a folder of a user's, with one of the user's own behind them."""
    there = folder / "migrations"
    there.mkdir()
    for file in migrations("documented", "0028"):
        (there / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (there / "0028_zz_more.sql").write_text(more, encoding="utf-8")
    return there
