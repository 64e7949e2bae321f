"""`prove` and `replay` as pytest tests: asked for by name or by `--migrations`, with the verdicts of the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.fixtures_of import migrations
from conformance.model.contract import Requirement
from conformance.suite import markers
from conformance.suite.look import Seen
from conformance.suite.planes import _enforced, modules

Suite = Callable[..., Any]
BEHAVIOUR = ("--pyargs", "conformance.suite.test_behaviour")
HISTORY = ("--pyargs", "conformance.suite.test_history")
CONDUCT = ("--pyargs", "conformance.suite.test_conduct")
WRONG = Path(__file__).parent.parent.parent / "fixtures" / "implementations" / "wrong.py"
KEY = "0015/agents.name/unique"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's history that ends with 0015, and whose 0015 cannot run again and leaves no key."""
    there = tmp_path / "history"
    there.mkdir()
    for file in migrations("documented", "0015"):
        shutil.copy(file, there)
    file = there / "0015_unique_agent_names.sql"
    more = "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE TABLE again (x int);"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")
    return there


@pytest.mark.parametrize("workers", [(), ("-n", "4")], ids=["alone", "four workers"])
def test_a_schema_is_provoked_by_its_tests(
    suite: Suite, folder: Path, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    Path("conformance.toml").write_text('select = "0015/*"\n', encoding="utf-8")
    chosen = ("-m", "migration_0015 and behaviour", "--migrations", str(folder), "--examples", "2", "--seed", "3")
    run = suite("--conformance-through", "0015", "--strict-markers", *chosen, *workers, what=BEHAVIOUR)
    assert run.code == 1, run.text
    assert run.verdicts == {KEY: "fail"}
    assert "script" in run.reason(KEY)
    assert "INSERT INTO agents" in run.reason(KEY)
    assert "provoked postgres@throw-away" in run.text
    assert "seed 3" in run.text


def test_hypothesis_own_options_are_honoured(suite: Suite) -> None:
    Path("conftest.py").write_text(
        "from hypothesis import settings\nsettings.register_profile('seven', max_examples=7)\n", encoding="utf-8"
    )
    chosen = ("--conformance-through", "0012", "-k", "0001/agents.name/not-null", "--hypothesis-show-statistics")
    run = suite(*chosen, "--hypothesis-profile", "seven", "--hypothesis-seed", "5", what=BEHAVIOUR)
    assert run.code == 0, run.text
    assert "at most 7 examples a requirement beside its small domains, seed 5" in run.text
    assert "0001/agents.name/not-null:\n" in run.text
    assert re.search(r"7 passing examples|Stopped because settings.max_examples=7|nothing left to do", run.text)


def test_a_url_is_rebuilt_and_what_was_not_examined_is_an_error(suite: Suite, deviating: str) -> None:
    run = suite(
        "--database-url", deviating, "--examples", "1", "-m", "table_agent_documents or migration_0015", what=BEHAVIOUR
    )
    assert run.verdicts[KEY] == "fail"
    assert run.verdicts["0013/agent_documents.content/type"] == "indeterminate", run.text
    assert "rebuilt" in run.text


def test_a_history_is_replayed_by_its_tests(suite: Suite, folder: Path, tmp_path: Path) -> None:
    run = suite(
        "--conformance-through",
        "0015",
        "--migrations",
        str(folder),
        "-m",
        "migration_0015 and (runs_again or steps or live_traffic)",
        "--rows",
        "300",
        what=HISTORY,
    )
    assert run.code == 1, run.text
    assert run.verdicts == {
        "history/0015/runs-again": "fail",
        "history/0015/steps": "fail",
        "history/0015/live-traffic": "pass",
    }
    assert re.search(r"live-traffic: .*; rows: .*agents 3\d\d\b", run.text)
    assert "again" in run.reason("history/0015/runs-again")
    assert "replayed postgres@throw-away" in run.text


def test_an_implementation_is_put_to_its_laws_by_its_tests(suite: Suite) -> None:
    Path("conformance.toml").write_text('select = "0015/*"\n', encoding="utf-8")
    chosen = ("-m", "must and agents or tenants and should")
    run = suite("--adapter", f"{WRONG}:LeavesTooMuch", "--examples", "1", *chosen, what=CONDUCT)
    assert run.code == 1, run.text
    assert run.verdicts["adapter/tenants/members"] == "fail"
    assert run.verdicts["adapter/agents/name-once"] == "pass"
    assert "leave_org(user=" in run.reason("adapter/tenants/members")
    assert "put to its laws: postgres@throw-away" in run.text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "name it with --adapter"),
        (("--adapter", "nowhere"), "names no implementation"),
        (("--adapter", "x:Y", "--conformance-through", "0018"), "leave --through out"),
    ],
)
def test_an_implementation_that_is_not_there_is_said(suite: Suite, args: tuple[str, ...], said: str) -> None:
    run = suite(*args, what=CONDUCT)
    assert run.code != 0
    assert said in run.text
    assert "Traceback" not in run.text


def test_waivers_and_configuration_count(suite: Suite, folder: Path) -> None:
    Path("waivers.toml").write_text(
        f'[[waiver]]\nrequirement = "{KEY}"\nreason = "r"\nowner = "o@example.org"\nexpires = 2099-01-31\n',
        encoding="utf-8",
    )
    Path("conformance.toml").write_text(
        'waivers = "waivers.toml"\nthrough = "0015"\nselect = "0015/*"\n', encoding="utf-8"
    )
    run = suite("--migrations", str(folder), "--examples", "1", what=BEHAVIOUR)
    assert run.verdicts[KEY] == "fail"
    shape = re.search(rf"{KEY} has '([0-9a-f]+)'", run.text)
    assert shape is not None, run.text
    with Path("waivers.toml").open("a", encoding="utf-8") as file:
        file.write(f"shape = '{shape[1]}'\n")
    run = suite("--migrations", str(folder), "--examples", "1", what=BEHAVIOUR)
    assert run.verdicts[KEY] == "waived"
    assert "behaviour/enforcement" in run.verdicts


def test_the_whole_suite_has_them_beside_migrations_alone(suite: Suite, folder: Path) -> None:
    args = ("--collect-only", "-q", "--conformance-through", "0015")
    assert "test_behaviour" not in suite(*args).text
    text = suite(*args, "--migrations", str(folder)).text
    for name in ("test_structure.py", "test_state.py", "test_behaviour.py", "test_history.py"):
        assert f"{name}::" in text
    assert "test_conduct" not in text
    assert "test_conduct.py::" in suite("--collect-only", "-q", "--adapter", f"{WRONG}:LeavesTooMuch").text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--migrations", "nowhere"), "nowhere"),
        (("--examples", "0"), "a number from 1 on"),
        (("--rows", "0", HISTORY[1]), "--conformance-rows takes a number from 1 on"),
        (("--seed", "x"), "takes a number"),
        (("--conformance-effort", "heroic"), "there are: ci, thorough, nightly"),
    ],
)
def test_a_call_that_is_wrong_is_said(suite: Suite, args: tuple[str, ...], said: str) -> None:
    run = suite(*args, what=BEHAVIOUR)
    assert run.code != 0
    assert said in run.text
    assert "Traceback" not in run.text


def test_modules_are_read_from_a_command_line() -> None:
    assert modules([]) == {""}
    assert modules(["conformance.suite"]) == {""}
    assert modules(["conformance.suite.test_history::test_history[history/0015/steps]"]) == {"history"}
    assert modules(["/x/conformance/suite/test_behaviour.py", "tests"]) == {"behaviour", ""}


def test_a_law_of_a_history_has_markers_without_a_table() -> None:
    law = Requirement(
        id="history/0015/runs-again",
        claim="runs-again",
        kind="history",
        level="must",
        source="",
        since="0015",
        until=None,
        table="",
        columns=(),
    )
    assert set(markers.of(law)) == {"conformance", "must", "migration_0015", "history", "runs_again"}


def test_what_is_not_enforced_fails_as_one() -> None:
    def seen(verdict: Any) -> Seen:
        return Seen(verdict=verdict, expected="", observed="", text=f"it is {verdict}")

    assert _enforced({}).verdict == "pass"
    assert _enforced({"a": seen("waived")}).verdict == "waived"
    whole = _enforced({"a": seen("waived"), "b": seen("fail")})
    assert (whole.verdict, whole.observed, whole.text) == ("fail", "b", "it is fail")
    assert json.loads(json.dumps(whole.verdict)) == "fail"
