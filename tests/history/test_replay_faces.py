"""The faces of a replay: the command, its formats, its exit codes, and what is left when it is interrupted."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from history.histories import Edit, by_id, replayed, written

from conformance.cli import main
from conformance.model.report import Report
from conformance.model.shape import shapes
from conformance.registry import history_laws
from conformance.render import renderers
from conformance.sandbox import Server

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "replay.txt"
SCHEMA = json.loads((ROOT / "reports" / "report.schema.json").read_text(encoding="utf-8"))
WRONG = Edit("0002", "CREATE INDEX again ON tasks (retries);")


@pytest.fixture(scope="module")
def reports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    """A short history with one mistake, replayed twice."""
    folder = written(tmp_path_factory.mktemp("faces") / "migrations", WRONG, through="0003")
    first, second = (replayed(server, folder, ignore=("live-traffic",)) for _ in range(2))
    return _timeless(first), _timeless(second)


def _timeless(report: Report) -> Report:
    target = replace(report.target, origin="3 migrations of migrations, on a server", server_version="18.4")
    return replace(report, started="2026-01-01T00:00:00Z", seconds=1.0, target=target)


def test_two_runs_give_the_same_bytes(reports: tuple[Report, Report]) -> None:
    for renderer in renderers().values():
        assert renderer.render(reports[0]) == renderer.render(reports[1])


def test_the_json_keeps_its_schema(reports: tuple[Report, Report]) -> None:
    record = json.loads(renderers()["json"].render(reports[0]))
    jsonschema.validate(record, SCHEMA)
    found = {outcome["id"]: outcome for outcome in record["outcomes"]}
    finding = found["history/0002/runs-again"]["findings"][0]
    assert finding["location"]["file"] == "0002_task_dependencies.sql"
    assert finding["location"]["line"] > 1
    assert {outcome["plane"] for outcome in record["outcomes"]} == {"history"}


def test_the_text_is_the_golden_one(reports: tuple[Report, Report]) -> None:
    text = renderers()["text"].render(reports[0])
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_mistake_is_told_by_its_laws_alone(reports: tuple[Report, Report]) -> None:
    wrong = {id_ for id_, outcome in by_id(reports[0]).items() if outcome.verdict == "fail"}
    assert wrong == {"0002/steps", "0002/runs-again", "0002/resumes"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere is no folder"),
        (["--select", "nothing"], "select: nothing matches no law and no migration"),
        (["--pattern", "x"], "--pattern needs a group of the number"),
        (["--through", "12"], "'12' is no migration"),
        (["--sandbox", "cloud"], "there is no sandbox 'cloud'"),
        (["--sandbox", "embedded", "--image", "postgres:17"], "an image is run in Docker"),
        (["--format", "nothing"], "there is no format 'nothing'"),
        (["--profile", "nothing"], "nothing"),
    ],
)
def test_a_call_that_is_wrong_ends_in_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("law", history_laws())
def test_explain_tells_of_a_law(law: str, capsys: pytest.CaptureFixture[str]) -> None:
    for word in (law, f"history/0015/{law}"):
        assert main(["explain", word]) == 0
        assert capsys.readouterr().out.startswith(f"{law}: ")


def test_the_command_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "migrations", through="0002")
    file = tmp_path / "junit.xml"
    code = main(["replay", str(folder), "--select", "runs-again", "--format", "junit", "-o", str(file)])
    assert code == 0, capsys.readouterr()
    assert re.search(r'name="history/0002/runs-again"', file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sleep", ["pg_sleep(20)", "pg_sleep(20) FROM (SELECT FROM agents LIMIT 1) AS one"])
def test_an_interrupted_replay_leaves_no_server(tmp_path: Path, sleep: str) -> None:
    """In the first runs, which the main thread makes, and in those with rows."""
    folder = written(tmp_path / "migrations", Edit("0002", f"SELECT {sleep};"), through="0002")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child inherits that a signal is ignored
    try:
        running = subprocess.Popen(
            [sys.executable, "-m", "conformance", "replay", str(folder)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("conformance-sandbox-*/data/base/1*/PG_VERSION")) and time.monotonic() < deadline:
        if running.poll() is not None:
            break
        time.sleep(0.1)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=90)
    assert (running.returncode, err.splitlines()[-1]) == (130, "conformance: interrupted")
    assert list(tmp_path.glob("conformance-sandbox-*")) == []


def test_waivers_are_judged_as_everywhere(server: Server, tmp_path: Path) -> None:
    """One that excuses a failure does so, one in vain fails, one of another command is let be, and all are said."""
    entry = '[[waiver]]\nrequirement = "{}"\nreason = "r"\nowner = "o@example.org"\nexpires = 2099-01-31\n'
    ids = ("history/0002/runs-again", "history/0001/steps", "0015/agents.name/unique", "history/0099/steps")
    waivers = tmp_path / "waivers.toml"
    folder = written(tmp_path / "migrations", WRONG, through="0003")
    first = by_id(replayed(server, folder, select=("steps", "runs-again")))["0002/runs-again"]
    waivers.write_text(
        entry.format(ids[0]) + f"shape = '{shapes(first)[0]}'\n" + "".join(map(entry.format, ids[1:])), encoding="utf-8"
    )
    report = replayed(server, folder, select=("steps", "runs-again"), waivers=waivers)
    verdicts = {id_: outcome.verdict for id_, outcome in by_id(report).items()}
    assert verdicts["0002/runs-again"] == "waived"
    assert verdicts["0001/steps"] == "fail"
    assert "an unexpected pass is strict" in by_id(report)["0001/steps"].note
    assert set(verdicts.values()) == {"waived", "fail", "pass"}
    assert [remark for remark in report.remarks if "waiver" in remark] == [
        "the waiver for history/0099/steps matches no requirement that was judged",
        "1 waiver for what other commands judge",
    ]
