"""`conformance render`: the bytes of the run, its exit code, and what is no report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from looking import Conformance

from conformance.cli import main
from conformance.render import renderers
from conformance.sources import report_file

GALLERY = Path(__file__).parents[2] / "reports" / "gallery"
CODES = {"conforming": 0, "one-deviation": 1, "hostile": 1}


@pytest.mark.parametrize("format_", renderers())
@pytest.mark.parametrize("case", CODES)
def test_it_gives_the_bytes_of_the_run_and_its_exit_code(case: str, format_: str, tmp_path: Path) -> None:
    suffix = renderers()[format_].SUFFIX
    out = tmp_path / f"out{suffix}"
    assert main(["render", str(GALLERY / f"{case}.json"), "--format", format_, "-o", str(out)]) == CODES[case]
    assert out.read_bytes() == (GALLERY / f"{case}{suffix}").read_bytes()


@pytest.mark.parametrize("format_", renderers())
def test_the_name_of_a_file_says_its_format(format_: str, tmp_path: Path) -> None:
    suffix = renderers()[format_].SUFFIX
    out = tmp_path / f"Out{suffix.upper()}"
    assert main(["render", str(GALLERY / "conforming.json"), "-o", str(out)]) == 0
    assert out.read_bytes() == (GALLERY / f"conforming{suffix}").read_bytes()


def test_two_formats_go_to_two_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["render", str(GALLERY / "hostile.json"), "--format", "sarif", "--format", "github"]
    assert main(given) == 2
    assert "sarif and github cannot both go to standard output" in capsys.readouterr().err
    assert main([*given[:4], "-o", str(tmp_path / "out.sarif"), *given[4:]]) == 1
    assert capsys.readouterr().out == (GALLERY / "hostile.github.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["check", "audit", "prove", "replay", "render"])
def test_help_lists_the_formats(command: str, conformance: Conformance) -> None:
    said = " ".join(conformance(command, "--help").stdout.split())
    assert f"{', '.join(renderers())}; text without it" in said


@pytest.mark.parametrize("format_", renderers())
def test_two_runs_give_the_same_bytes_at_a_time_that_is_given(
    format_: str, database: str, conformance: Conformance
) -> None:
    one, other = (conformance("check", database, "--format", format_, SOURCE_DATE_EPOCH="1767225600") for _ in range(2))
    assert (one.returncode, one.stderr) == (0, "")
    assert one.stdout == other.stdout
    if format_ in ("json", "junit", "markdown", "sarif", "text"):
        assert "2026-01-01T00:00:00" in one.stdout


def test_a_time_that_is_none_is_said(database: str, conformance: Conformance) -> None:
    done = conformance("check", database, SOURCE_DATE_EPOCH="today")
    assert (done.returncode, done.stdout) == (2, "")
    assert "$SOURCE_DATE_EPOCH is 'today'; it has to be a number of seconds since 1970" in done.stderr


def test_without_a_format_it_is_text_on_standard_output(conformance: Conformance) -> None:
    done = conformance("render", str(GALLERY / "one-deviation.json"))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (GALLERY / "one-deviation.txt").read_text(encoding="utf-8")


def test_help_says_what_the_exit_code_is(conformance: Conformance) -> None:
    said = " ".join(conformance("render", "--help").stdout.split())
    assert "The exit code is that of the report, 0, 1 or 3, in every format; 2 where the file is no report" in said


Damage = Callable[[dict[str, Any]], object]

DAMAGES: list[tuple[str, Damage]] = [
    ("is no report", lambda r: r.update(format="another")),
    ("of another version", lambda r: r.update(version=1)),
    ("it has no selection", lambda r: r.pop("selection")),
    ("of an earlier version", lambda r: r.pop("profile_title")),
    ("of an earlier version", lambda r: r["outcomes"][5].pop("line")),
    ("it has no target", lambda r: r.pop("target")),
    ("outcomes[3].level is 'MUST': none of", lambda r: r["outcomes"][3].update(level="MUST")),
    ("outcomes[1].id is that of an outcome before it", lambda r: r["outcomes"][1].update(id=r["outcomes"][0]["id"])),
    ("exit_code is 0: none of", lambda r: r.update(exit_code=False)),
    ("verdict does not go with the rest", lambda r: r.update(verdict="pass", exit_code=0, reasons=[])),
    ("summary.pass does not go with the rest", lambda r: r["summary"].update({"pass": 1})),
    ("reasons[0] does not go with the rest", lambda r: r.update(reasons=["all is well"])),
    ("seconds does not go with the rest", lambda r: r.update(seconds=0.12345)),
    ("enforcement does not go with the rest", lambda r: r.update(enforcement=[])),
    ("column does not go with the rest", lambda r: r["outcomes"][0].update(column="x")),
    ("does not go with the rest", lambda r: r["outcomes"][0].update(observed="\ud800")),
]


@pytest.mark.parametrize(("said", "damage"), DAMAGES, ids=[str(n) for n in range(len(DAMAGES))])
def test_what_was_changed_is_refused(
    said: str, damage: Damage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads((GALLERY / "one-deviation.json").read_text(encoding="utf-8"))
    damage(record)
    file = tmp_path / "report.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    _refused(file, said.replace("exit_code is 0", "exit_code is False"), capsys)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"format": "astra-conformance-report", "version": 1, "seconds": NaN}',
        b'{"format": "astra-conformance-report", "version": 1, "seconds": 1e999}',
        b'{"format": "astra-conformance-report", "format": "astra-conformance-report"}',
        b'{"version": ' + b"9" * 10_000 + b"}",
        b"::error::\n",
    ],
    ids=range(10),
)
def test_what_is_no_report_is_refused(text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(text)
    _refused(file, "is no report; `conformance check --format json -o FILE` writes one", capsys)


def test_a_report_that_was_cut_is_refused_as_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    file.write_bytes((GALLERY / "one-deviation.json").read_bytes()[:3_000])
    _refused(file, "is a report that was changed or cut: it is no JSON any more", capsys)


def test_evidence_that_is_nested_without_end_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (GALLERY / "one-deviation.json").read_text(encoding="utf-8")
    file = tmp_path / "report.json"
    for depth in (50, *range(250, 550, 25), 900, 5000):
        deep = '"examined": 1, "deep": ' + "[" * depth + "]" * depth
        file.write_text(text.replace('"examined": 1', deep, 1), encoding="utf-8")
        code = main(["render", str(file), "--format", "json"])
        out, err = capsys.readouterr()
        assert (code, out == "", len(err.splitlines())) in ((1, False, 0), (2, True, 1))


def test_a_file_that_is_too_large_or_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused(tmp_path / "none.json", "cannot be read: No such file", capsys)
    _refused(tmp_path, "cannot be read: Is a directory", capsys)
    monkeypatch.setattr(report_file, "LARGEST_MB", 0)
    _refused(GALLERY / "conforming.json", "is larger than 0 MB: no report is", capsys)


def test_a_device_without_end_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_file, "LARGEST_MB", 1)
    _refused(Path("/dev/zero"), "is larger than 1 MB", capsys)


def _refused(file: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(file), "--format", "junit"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1
