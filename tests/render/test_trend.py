"""`--history`: which runs of a folder stand beside this one, which are left out, and how they are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample import TARGET, finding, full, invariant, outcome, report
from test_html import parsed, part, words

from conformance import rendering
from conformance.cli import main
from conformance.errors import UsageError
from conformance.model.record import replace
from conformance.model.report import Past, Report
from conformance.render import json as as_json
from conformance.render.html import render
from conformance.sources import report_folder
from conformance.trend import with_history


def run(day: int, verdict: Any = "pass", **more: Any) -> Report:
    found = finding("it is not there", "agents") if verdict == "fail" else ()
    return report(
        outcome("0001/agents/table", "must", verdict, findings=found), started=f"2026-11-{day:02}T00:00:00Z", **more
    )


def put(folder: Path, **reports: Report) -> None:
    for name, one in reports.items():
        (folder / f"{name}.json").write_text(as_json.render(one), encoding="utf-8")


def test_the_runs_of_one_question_stand_in_the_order_of_their_times(tmp_path: Path) -> None:
    put(tmp_path, b=run(1, "fail"), a=run(3), c=run(2), now=run(9))
    found = with_history(run(9), tmp_path)
    assert [(past.started[:10], past.verdict) for past in found.history] == [
        ("2026-11-01", "fail"),
        ("2026-11-02", "pass"),
        ("2026-11-03", "pass"),
    ]
    assert found.history[0].counts["fail"] == 1
    assert found.remarks == ()


FOREIGN = {
    "another database": (run(1, target=replace(TARGET, address="reader@elsewhere:5432/astra")), "of another database"),
    "another name": (run(1, target=replace(TARGET, database="other")), "of another database"),
    "another profile": (run(1, profile="reference"), "of the profile reference through 0026"),
    "another migration": (run(1, through="0018"), "through 0018"),
    "another selection": (run(1, select=("agents*",)), "of another selection"),
    "another plane": (
        report(invariant("0015/agents/near-names", "must", "pass"), started="2026-11-01T00:00:00Z"),
        "of other planes",
    ),
}


@pytest.mark.parametrize("words_", FOREIGN)
def test_another_question_is_left_out_and_said(words_: str, tmp_path: Path) -> None:
    other, why = FOREIGN[words_]
    put(tmp_path, other=other)
    found = with_history(run(9), tmp_path)
    assert found.history == ()
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("history: left out other.json: it is ")
    assert why in found.remarks[0]


def test_another_role_looks_at_the_same_database(tmp_path: Path) -> None:
    put(tmp_path, other=run(1, target=replace(TARGET, address=f"other@{TARGET.address.rpartition('@')[2]}")))
    assert len(with_history(run(9), tmp_path).history) == 1


HOSTILE = {
    "nothing": "",
    "no JSON": "<script>alert(1)</script>",
    "a list": "[]",
    "deep": "[" * 100_000,
    "another format": '{"format": "astra-conformance-level"}',
    "no report": '{"format": "astra-conformance-report", "version": 1}',
    "not UTF-8": "\udcff",
}


def test_a_folder_may_hold_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in HOSTILE.items():
        (tmp_path / f"{name} ::error::\x1b[31m<img>.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("no report")
    put(tmp_path, good=run(1))
    found = with_history(run(9), tmp_path)
    assert len(found.history) == 1
    assert sum("left out" in remark for remark in found.remarks) == len(found.remarks) > 1
    text = render(found)
    assert "<img" not in text
    assert "\x1b" not in text
    monkeypatch.setattr(report_folder, "MOST", 3)
    assert "left out the 5 files that were written first" in "".join(with_history(run(9), tmp_path).remarks)


def test_what_a_report_says_of_itself_is_not_believed(tmp_path: Path) -> None:
    put(tmp_path, liar=run(1, "fail"))
    document = json.loads((tmp_path / "liar.json").read_text())
    document["summary"]["fail"] = document["summary"]["must"]["fail"] = 0
    document["verdict"], document["exit_code"], document["reasons"] = "pass", 0, []
    (tmp_path / "liar.json").write_text(json.dumps(document))
    (past,) = with_history(run(9), tmp_path).history
    assert (past.verdict, past.counts["fail"]) == ("fail", 1)


def test_a_history_is_of_the_report_and_rendered_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    put(folder, one=run(1, "fail"))
    put(tmp_path, now=run(9))
    out = tmp_path / "out.json"
    given = ["render", str(tmp_path / "now.json"), "--history", str(folder)]
    assert main([*given, "--format", "json", "-o", str(out), "--format", "html", "-o", str(tmp_path / "a.html")]) == 0
    again = rendering.report(out)
    assert len(again.history) == 1
    assert render(again) == (tmp_path / "a.html").read_text(encoding="utf-8")
    assert main([*given[:3], str(tmp_path / "nowhere")]) == 2
    assert "--history takes a folder of reports" in capsys.readouterr().err
    with pytest.raises(UsageError):
        with_history(run(9), tmp_path / "now.json")


@pytest.mark.parametrize(
    "command",
    [["check", "postgresql://nobody@/nowhere?host=/nonexistent"], ["replay"], ["lint", "nowhere.sql"], ["prove"]],
)
def test_a_history_that_is_no_folder_is_refused_before_anything_is_looked_at(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    for folder in ("file", "nowhere"):
        assert main([*command, "--history", folder, "-o", "out.html"]) == 2
        assert f"{folder} cannot be read: " in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_the_picture_and_the_table_say_the_same() -> None:
    text = render(full())
    section = part(text, "trend")
    assert words(section).startswith("Over time13 runs of the same question on the same database.")
    rows = [words(row) for row in section.iter("tr")][1:]
    assert len(rows) == 13
    assert rows[0].startswith("2026-01-31")
    assert "(this report)" in rows[0]
    assert rows[-1] == "2025-10-01T03:00:00Z721451,101"
    titles = [words(title) for title in section.iter("title")]
    assert titles[0] == "2025-10-01T03:00:00Z: 7 fail, 2 indeterminate, 1 waived"
    (picture,) = section.iter("svg")
    assert picture.get("role") == "img"
    assert "in 13 runs: 10 in the first" in str(picture.get("aria-label"))
    for bar in picture.iter("rect"):
        assert 0 <= float(bar.get("y", "")) <= 200
        assert float(bar.get("height", "")) >= 2
        assert float(bar.get("y", "")) + float(bar.get("height", "")) <= 176.1


def test_without_a_history_there_is_no_trend() -> None:
    assert "trend" not in {element.get("id") for element in parsed(render(run(1))).iter()}


def test_only_so_many_runs_are_drawn() -> None:
    counts = {"pass": 1, "fail": 3, "waived": 0, "not-applicable": 0, "indeterminate": 0}
    many = tuple(
        Past(started=f"2026-{month:02}-{day:02}T00:00:00Z", verdict="fail", counts=counts)
        for month in (1, 2, 3)
        for day in range(1, 29)
    )
    section = part(render(replace(run(9), history=many)), "trend")
    assert "85 runs of the same question on the same database. The last 60 of them are drawn." in words(section)
    assert len(list(section.iter("g"))) == 60
    assert len(list(section.iter("tr"))) == 86
