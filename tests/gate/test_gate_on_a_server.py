"""The gate as a stranger uses it: on a database that departs, with the commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from judged import named

from conformance.cli import main
from conformance.fixtures_of import migrations
from conformance.sandbox import Server

KEY, TYPE = "0015/agents.name/unique", "0024/agents.priority/type"
HOW = ("--reason", "until the next window", "--owner", "dba@example.org", "--expires", "2999-12-31")
Said = pytest.CaptureFixture[str]


@pytest.fixture
def url(server: Server, database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A database whose agents may share a name."""
    monkeypatch.chdir(tmp_path)
    run(found := named(server, database), "ALTER TABLE agents DROP CONSTRAINT agents_name_key")
    return found


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_a_waiver_is_written_counts_and_ends_with_the_shape(url: str, capsys: Said) -> None:
    assert main(["waive", url, KEY, *HOW, "--ticket", "DB-7"]) == 0
    assert capsys.readouterr().out.startswith(
        f"conformance-waivers.toml:1: {KEY} is waived until the end of 2999-12-31"
    )
    assert main(["check", url, "--waivers", "conformance-waivers.toml"]) == 0
    assert "1 waived (1 must)" in capsys.readouterr().out
    run(url, "CREATE UNIQUE INDEX agents_name_key ON agents (lower(name))")
    assert main(["check", url, "--waivers", "conformance-waivers.toml"]) == 1
    assert f"FAIL must  waiver/{KEY}" in capsys.readouterr().out
    before = Path("conformance-waivers.toml").read_text()
    assert main(["waive", url, KEY, *HOW]) == 2
    assert f"conformance-waivers.toml:1 has a waiver for {KEY}: remove it first" in capsys.readouterr().err
    assert Path("conformance-waivers.toml").read_text() == before


NO_WAIVERS = (
    (("0001/agents/table", *HOW), "does not fail (pass): there is nothing to waive"),
    (("0001/nonesuch/table", *HOW), "matches no requirement that was judged"),
    (("00*", *HOW), "is over-broad: it names more than one table of one migration"),
    ((KEY, "--reason", " . ", *HOW[2:]), "--reason says nothing"),
    ((KEY, *HOW[:4], "--expires", "2020-01-01"), "--expires 2020-01-01 is past"),
    ((KEY, *HOW[:4], "--expires", "soon"), "--expires 'soon' is no day"),
    ((KEY, *HOW[2:]), "--reason"),
)


def test_what_is_no_waiver_is_not_written(url: str, capsys: Said) -> None:
    for given, said in NO_WAIVERS:
        assert main(["waive", url, *given]) == 2, given
        assert said in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_baseline_is_taken_and_what_is_new_fails(url: str, capsys: Said) -> None:
    assert main(["check", url, "--format", "json", "-o", "base.json", "--quiet"]) == 1
    assert main(["check", url, "--baseline", "base.json"]) == 0
    assert "nothing new departs: 1117 pass, 1 tolerated (1 must)" in capsys.readouterr().out
    run(url, "DROP TABLE chat_messages CASCADE")
    assert main(["check", url, "--baseline", "base.json"]) == 1
    out = capsys.readouterr().out
    assert f"tolerated must  {KEY}" in out
    assert "new or worse than in the baseline" in out
    run(url, "ALTER TABLE agents ADD CONSTRAINT agents_name_key UNIQUE (name)")
    main(["check", url, "--baseline", "base.json", "--format", "json"])
    record = json.loads(capsys.readouterr().out)
    assert record["baseline"]["mended"] == [KEY]
    assert record["baseline"]["tolerated"] == 0


def test_sources_of_every_kind_are_compared(url: str, capsys: Said) -> None:
    ours = str(migrations("documented", "0028")[0].parent)
    assert main(["check", url, "--format", "json", "-o", "report.json", "--quiet"]) == 1
    assert main(["snapshot", url, "-o", "snapshot.json"]) == 0
    capsys.readouterr()
    for one in ("report.json", "snapshot.json", url):
        assert main(["diff", one, ours]) == 1
        out = capsys.readouterr().out
        assert "B has, and A has not" in out
        assert f"must  {KEY}" in out
        assert "1,117 requirements the same, 1 only B has" in out
    assert main(["diff", "report.json", "snapshot.json"]) == 0
    assert main(["diff", "report.json", url, "--through", "0018"]) == 2
    assert "report.json is a report of --through '0028', and '0018' is asked for" in capsys.readouterr().err
    assert main(["diff", url, ours, "--select", "0014/*", "--format", "json", "-o", "diff.json"]) == 0
    assert json.loads(Path("diff.json").read_text())["summary"]["only_b"] == 0


def test_a_report_holds_what_was_selected(url: str, capsys: Said) -> None:
    main(["check", url, "--select", "0001/agents*", "--ignore", "0001/agents.id/*", "--format", "json", "-o", "r.json"])
    assert json.loads(Path("r.json").read_text())["selection"] == {
        "select": ["0001/agents*"],
        "ignore": ["0001/agents.id/*"],
    }
    capsys.readouterr()
    assert main(["render", "r.json"]) == 0
    assert "selected  0001/agents* (what that leaves out was not examined)" in capsys.readouterr().out
    assert main(["check", url, "--baseline", "r.json"]) == 1
    assert "the baseline was taken with --select 0001/agents*" in " ".join(capsys.readouterr().out.split())
