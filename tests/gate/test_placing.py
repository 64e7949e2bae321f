"""`--migrations`: findings of a catalog in the files of whoever reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from departures import outcome, places, rows
from reported import report

import conformance
from conformance.cli import main
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.placing import with_places
from conformance.render.json import render as as_json

FILES = {
    "0013_t.sql": "CREATE TABLE t (\n    id uuid PRIMARY KEY,\n    a int\n);\n",
    "0013_t.down.sql": "DROP TABLE t;\n",
    "0014_u.sql": "-- what follows\n\nCREATE TABLE u (c int);\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


def where(found: Outcome) -> list[tuple[str, int, int]]:
    return [(Path(one.file).name, one.line, one.column) for one in found.findings]


def test_a_finding_lies_where_its_object_comes_from(folder: Path) -> None:
    orphans = replace(rows("0014/u.c/no-orphan", ("1",), 1))
    found = with_places(report(outcome("0013/t.a/type", "fail", "text"), orphans), folder)
    assert [where(one) for one in found.outcomes] == [[("0013_t.sql", 3, 1)], [("0014_u.sql", 3, 1)]]


def test_what_no_migration_brings_lies_at_the_one_of_its_number(folder: Path) -> None:
    found = with_places(report(outcome("0013/nowhere/table", "fail"), outcome("0013/t.b/column", "fail")), folder)
    assert [where(one) for one in found.outcomes] == [[("0013_t.sql", 1, 1)], [("0013_t.sql", 1, 1)]]


def test_what_nobody_brings_stays_at_the_contract_s_line(folder: Path) -> None:
    (folder / "0013_t.sql").unlink()
    (folder / "0013_t.down.sql").unlink()
    found = with_places(report(outcome("0013/t.a/type", "fail")), folder)
    assert where(found.outcomes[0]) == [("", 0, 0)]


def test_what_has_a_place_of_its_own_and_what_holds_stay_as_they_are(folder: Path) -> None:
    given = report(
        places("A001", "a" * 16), outcome("0013/t.a/type", "pass"), outcome("0013/t.b/type", "indeterminate")
    )
    assert with_places(given, folder) == given


def test_hosts_are_told_the_place_and_a_rendered_report_keeps_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.json").write_text(as_json(report(outcome("0013/t.a/type", "fail", "text"))))
    given = ["render", "r.json", "--migrations", "migrations"]
    assert main([*given, "-o", "r.sarif", "-o", "r.gitlab.json", "-o", "again.json", "--format", "github"]) == 1
    assert "file=migrations/0013_t.sql,line=3::" in capsys.readouterr().out
    (result,) = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "migrations/0013_t.sql"
    assert physical["region"]["startLine"] == 3
    (entry,) = json.loads((tmp_path / "r.gitlab.json").read_text())
    assert entry["location"] == {"path": "migrations/0013_t.sql", "lines": {"begin": 3}}
    assert main(["render", "again.json", "--format", "sarif"]) == 1
    assert capsys.readouterr().out == (tmp_path / "r.sarif").read_text()


@pytest.mark.parametrize(
    ("name", "why"), [("nowhere", "is not there"), ("empty", "has no file named *.sql"), ("marks", "would never run")]
)
def test_a_folder_without_migrations_is_refused_before_anything_is_looked_at(
    name: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "0001_a.sql").write_text("SELECT 1;\n-- migrate:up\nSELECT 2;\n")
    nowhere = "postgresql://nobody@/nowhere?host=/nonexistent"
    assert main(["check", nowhere, "--migrations", str(tmp_path / name)]) == 2
    assert why in capsys.readouterr().err


def test_a_file_is_called_as_in_its_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts take no other path: neither from the root of a disk, nor from where the command was called."""
    (folder.parent / ".git").mkdir()
    monkeypatch.chdir(folder)
    departs = report(outcome("0013/t.a/type", "fail", "text"))
    for called in (folder, Path()):
        (found,) = with_places(departs, called).outcomes
        assert [one.file for one in found.findings] == ["migrations/0013_t.sql"]
    linted = conformance.lint([str(folder)], select="A*")
    assert {one.file for o in linted.outcomes for one in o.findings} <= {f"migrations/{name}" for name in FILES}
    assert any(o.findings for o in linted.outcomes)
