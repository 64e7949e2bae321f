"""What the lints found, in every format: at its place in the file, and the same from a JSON report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance import rendering
from conformance.linting import lint
from conformance.model.report import Report
from conformance.render import renderers
from conformance.render.layout import Look

SQL = """-- the chat of an agent
CREATE INDEX idx_goals_status ON goals (status);

ALTER TABLE "tasks"
    ADD COLUMN note text,
    ALTER COLUMN priority SET NOT NULL;
-- conformance: ignore A103 it is a table of five rows
UPDATE workers SET status = 'idle';
"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "0013_chat.sql").write_text(SQL, encoding="utf-8")
    return lint([Path("db")], select="A*")


def test_a_person_reads_the_place_the_line_and_what_to_write_instead(report: Report) -> None:
    told = renderers()["text"].render(report, Look(width=100))
    assert (
        "db/0013_chat.sql:2:1: A001 error nobody can write to goals while its index is built\n"
        "  2 | CREATE INDEX idx_goals_status ON goals (status);\n"
        "    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  instead: CREATE INDEX CONCURRENTLY idx_goals_status ON goals (status);\n"
    ) in told
    assert "db/0013_chat.sql:6:5: A005 error everybody waits for tasks while every row is read\n" in told
    assert "A103" not in told.split("pass")[0]
    assert "1 waived" in told


def test_every_format_gives_the_same_from_json(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(renderers()["json"].render(report), encoding="utf-8")
    again = rendering.report(file)
    for name, renderer in renderers().items():
        assert renderer.render(again) == renderer.render(report), name


def test_hosts_are_pointed_at_the_place(report: Report) -> None:
    (run,) = json.loads(renderers()["sarif"].render(report))["runs"]
    found = {result["ruleId"]: result["locations"][0]["physicalLocation"] for result in run["results"]}
    assert found["A005"] == {
        "artifactLocation": {"uri": "db/0013_chat.sql"},
        "region": {"startLine": 6, "startColumn": 5},
    }
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["A005"]["help"]["text"].startswith("SET NOT NULL on a table in use")
    entries = json.loads(renderers()["gitlab"].render(report))
    assert {"path": "db/0013_chat.sql", "lines": {"begin": 6}} in [entry["location"] for entry in entries]
    assert "::error title=A005,file=db/0013_chat.sql,line=6::" in renderers()["github"].render(report)


def test_the_verdict_is_that_of_the_levels(report: Report) -> None:
    by_id = {outcome.requirement.id: outcome for outcome in report.outcomes}
    assert (by_id["A001"].verdict, by_id["A103"].verdict, by_id["A101"].verdict) == ("fail", "waived", "pass")
    assert by_id["A103"].note == "db/0013_chat.sql:8:1 suppressed: it is a table of five rows"
    assert report.exit_code == 1


def test_notes_and_warnings_alone_conform_unless_strict(tmp_path: Path) -> None:
    file = tmp_path / "0001_notes.sql"
    file.write_text("ALTER TABLE tasks ADD COLUMN IF NOT EXISTS note text;\n", encoding="utf-8")
    assert lint([file], select="A*").exit_code == 0
    assert lint([file], select="A*", strict=True).exit_code == 1
