"""`prove --adapter` as a command: reports that keep to the schema, exit codes, and errors of the call in one line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from implementations import REFERENCE, ROOT, WRONG

from conformance import prove_adapter
from conformance.cli import main
from conformance.registry import conduct_laws
from conformance.sandbox import Server


def test_a_departure_is_in_every_format(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    adapter = f"{ROOT / WRONG}:TakesWithoutLock"
    files = ["--format", "json", "-o", "r.json", "--format", "junit", "-o", "r.xml", "--format", "text", "-o", "r.txt"]
    called = ["prove", "--adapter", adapter, "--server", server.url, "--select", "tasks/taken-once", "--examples", "2"]
    assert main([*called, *files]) == 1
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "reports" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    (outcome,) = report["outcomes"]
    assert (outcome["id"], outcome["plane"], outcome["verdict"]) == ("adapter/tasks/taken-once", "adapter", "fail")
    (finding,) = outcome["findings"]
    assert finding["witnesses"][-1] == "at once, B: take(worker=w2): gives t1"
    assert "| SELECT id FROM tasks" in finding["script"]
    failure = ET.parse("r.xml").getroot().find(".//failure")  # noqa: S314
    assert failure is not None
    assert "a lost update" in (failure.text or "")
    text = Path("r.txt").read_text(encoding="utf-8")
    assert "FAIL must  adapter/tasks/taken-once" in text
    assert "to see it given: organization o1" in text
    assert "offered, and not called" in text
    capsys.readouterr()


def test_what_keeps_its_laws_conforms(server: Server) -> None:
    report = prove_adapter(str(ROOT / REFERENCE), select="tenants/no-leak", server=server.url, examples=3)
    assert report.exit_code == 0
    assert [(o.requirement.id, o.verdict) for o in report.outcomes] == [("adapter/tenants/no-leak", "pass")]


def test_what_an_implementation_prints_is_not_part_of_the_report(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    called = ["--adapter", f"{Path(__file__).with_name('odd.py')}:Talks", "--server", server.url, "--examples", "1"]
    assert main(["prove", *called, "--select", "tenants/no-leak", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["exit_code"] == 0
    assert "listing agents" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--adapter", "nowhere"], "names no implementation"),
        (["--select", "nothing"], "select: nothing matches no law of an implementation"),
        (["--profile", "reference"], "leave --profile out"),
        (["--through", "0018"], "leave --through out"),
        (["--examples", "0"], "write a number from 1 on"),
        (["--server", "postgresql://x/y", "--sandbox", "local"], "give one of them"),
    ],
)
def test_a_call_that_is_wrong_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--adapter", str(ROOT / REFERENCE), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_explain_tells_each_law(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "adapter"]) == 0
    listed = capsys.readouterr().out
    for id_, law in conduct_laws().items():
        assert f"adapter/{id_}" in listed
        assert main(["explain", f"adapter/{id_}"]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert law.expected in told
        assert "Repair:" in told
