"""How a run is made: what is collected and chosen, one look for all, what ends it early, other people's plugins."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conformance.options import Options
from conformance.run import load_claims
from conformance.sandbox import Server

Suite = Callable[..., Any]
NOWHERE = "postgresql://ann:s3cret@127.0.0.1:1/astra"


def looks(server: Server, database: str) -> int:
    """How many sessions a database has had; one that has just ended may be counted a moment later."""
    time.sleep(0.3)
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT sessions FROM pg_stat_database WHERE datname = %s", [database]).fetchone()
    assert row is not None
    return int(row[0])


def test_one_look_serves_all_tests_also_of_four_workers(suite: Suite, server: Server, deviating: str) -> None:
    url = server.create_database("suite_counted", template=deviating.partition("@/")[2].partition("?")[0])
    runs = []
    for workers in ((), ("-n", "4")):
        before = looks(server, "suite_counted")
        runs.append(suite("--database-url", url, *workers))
        assert looks(server, "suite_counted") == before + 1
        assert "database suite_counted" in runs[-1].junit.read_text()
        runs[-1] = (runs[-1].code, runs[-1].verdicts)
    assert runs[0] == runs[1]
    contract, claims = load_claims(Options())
    assert len(runs[0][1]) == len(contract.requirements) + len(claims)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_collecting_touches_no_database(suite: Suite, workers: tuple[str, ...]) -> None:
    run = suite("--database-url", NOWHERE, "--collect-only", "-q", *workers)
    assert run.code == 0
    assert "test_structure.py::test_requirement[0015/agents.name/unique]" in run.text or workers


def test_markers_choose(suite: Suite, conforming: str) -> None:
    run = suite("--database-url", conforming, "--strict-markers", "-m", "must and migration_0028")
    contract, claims = load_claims(Options())
    requirements = {r.id: r for r in (*contract.requirements, *(claim.requirement for claim in claims))}
    assert run.code == 0
    assert set(run.cases) == {r.id for r in requirements.values() if (r.level, r.since) == ("must", "0028")}
    for marker, wanted in (
        (
            "table_agents and not_null",
            {r.id for r in requirements.values() if r.table == "agents" and r.kind == "not-null"},
        ),
        (
            "foreign_key and should",
            {r.id for r in requirements.values() if (r.level, r.kind) == ("should", "foreign-key")},
        ),
        (
            "table_goals and invariant",
            {r.id for r in requirements.values() if (r.table, r.kind) == ("goals", "invariant")},
        ),
    ):
        assert set(suite("--database-url", conforming, "-m", marker).cases) == wanted
    assert suite("--database-url", conforming, "-m", "not conformance").code == pytest.ExitCode.NO_TESTS_COLLECTED
    for marker in ("must", "migration_0028", "foreign_key", "invariant", "table_agents"):
        assert f"@pytest.mark.{marker}:" in suite("--markers").text


def test_an_invariant_is_asked_for_by_its_id(suite: Suite, departing: str) -> None:
    cycle = "0002/task_dependencies/acyclic"
    run = suite(
        "--database-url", departing, what=("--pyargs", f"conformance.suite.test_state::test_invariant[{cycle}]")
    )
    assert (run.code, set(run.cases)) == (1, {cycle})
    assert " → " in run.reason(cycle)
    assert "enforced by nothing in the catalog" in run.reason(cycle)


READ = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname = 'agent_documents'"


@pytest.mark.parametrize(
    ("module", "args", "read"),
    [
        (".test_structure", (), False),
        (".test_structure", ("-n", "2"), False),
        ("", ("-m", "migration_0015 and not invariant"), False),
        ("", ("-m", "migration_0015"), True),
        (".test_state", ("-n", "2"), True),
    ],
)
def test_rows_are_read_only_where_a_test_of_an_invariant_may_run(
    suite: Suite, server: Server, departing: str, module: str, args: tuple[str, ...], read: bool
) -> None:
    name = f"suite_read_{len(module)}_{len(args)}_{len(''.join(args))}"
    url = server.create_database(name, template=departing.partition("@/")[2].partition("?")[0])
    run = suite("--database-url", url, *args, what=("--pyargs", f"conformance.suite{module}"))
    assert run.code in (0, 1), run.text
    time.sleep(1.5)
    with psycopg.connect(url) as connection:
        row = connection.execute(READ).fetchone()
    assert row is not None
    assert bool(row[0]) == read


def test_a_requirement_is_asked_for_by_its_id(suite: Suite, conforming: str) -> None:
    what = ("--pyargs", "conformance.suite.test_structure::test_requirement[0015/agents.name/unique]")
    run = suite("--database-url", conforming, what=what)
    assert (run.code, set(run.cases)) == (0, {"0015/agents.name/unique"})


def test_options_reach_the_look(suite: Suite, conforming: str, server: Server, tmp_path: Path) -> None:
    extra = tmp_path / "extra.toml"
    extra.write_text('["acme/0028/agents.name"]\nindex = { method = "hash" }\n')
    run = suite(
        *("--conformance-database-url", conforming, "--conformance-profile", "reference"),
        *("--conformance-through", "0018", "--conformance-contract", str(extra), "--conformance-schema", "public"),
    )
    assert "profile reference through 0018" in run.text
    assert run.verdicts["acme/0028/agents.name/index"] == "not-applicable"
    assert run.verdicts["0028/approval_requests.approvals/column"] == "not-applicable"
    elsewhere = suite(
        "--database-url", conforming, "--conformance-schema", "information_schema", "-m", "migration_0015"
    )
    assert "information_schema" in elsewhere.reason("0015/agents.name/unique")


def test_the_configuration_counts_and_the_command_line_wins(suite: Suite, conforming: str) -> None:
    Path("conformance.toml").write_text(
        'profile = "reference"\nthrough = "0018"\nselect = "0015/*/unique"\nignore = ["*/none"]\n'
    )
    run = suite("--database-url", conforming, "--conformance-through", "0028")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "ignore: */none matches no requirement" in run.text
    Path("conformance.toml").write_text('profile = "reference"\nthrough = "0018"\nselect = "0015/*/unique"\n')
    run = suite("--database-url", conforming, "--conformance-through", "0028")
    assert (run.code, set(run.cases)) == (0, {"0015/agents.name/unique"})
    assert "profile reference through 0028" in run.text


def test_the_database_comes_from_the_environment(suite: Suite, conforming: str) -> None:
    env = {"CONFORMANCE_DATABASE_URL": conforming, "DATABASE_URL": NOWHERE}
    run = suite("-m", "migration_0015", env=env)
    assert run.code == 0
    assert "$CONFORMANCE_DATABASE_URL" in run.text


def test_without_a_url_it_brings_its_own_server(suite: Suite) -> None:
    run = suite()
    assert run.code == 0, run.text
    assert "with our own documented migrations through 0028 and a small world of rows" in run.text


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_a_database_that_cannot_be_looked_at_ends_the_run_with_one_line(suite: Suite, workers: tuple[str, ...]) -> None:
    run = suite("--database-url", NOWHERE, *workers)
    assert run.code == 3
    assert run.text.count("nothing listens there") == 1
    assert "nothing listens there" in run.junit.read_text()
    for word in ("Traceback", "s3cret", "INTERNALERROR"):
        assert word not in run.text + run.junit.read_text()


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--database-url", "jdbc:mysql://h/d"), "a driver's spelling"),
        (("--database-url", ""), "the database URL is empty"),
        (("--conformance-profile", "mine"), "there is no profile 'mine'"),
        (("--conformance-through", "0099"), "through 0012 to 0028"),
        (("--waivers", "none.toml"), "cannot be read"),
        (("--conformance-sandbox", "cloud"), "invalid choice: 'cloud'"),
        (("--conformance-sandbox", "local", "--conformance-image", "postgres:17"), "an image is run in Docker"),
        (("--conformance-contract", "none.toml"), "none.toml"),
    ],
)
def test_a_wrong_call_is_a_usage_error(suite: Suite, args: tuple[str, ...], line: str) -> None:
    run = suite(*args)
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert line in run.text
    assert "Traceback" not in run.text


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_a_run_that_examined_nothing_is_no_success(suite: Suite, conforming: str, workers: tuple[str, ...]) -> None:
    run = suite("--database-url", conforming, "--conformance-through", "0018", "-m", "migration_0028", *workers)
    assert run.code == 3
    assert "nothing was examined" in run.text


def test_a_repository_with_other_names_for_tests_runs_ours(suite: Suite, conforming: str) -> None:
    Path("pytest.ini").write_text(
        "[pytest]\npython_files = spec_*.py\npython_functions = it_*\naddopts = --strict-markers\n"
    )
    assert suite("--database-url", conforming, "-m", "migration_0015").code == 0


def test_the_tests_can_be_taken_into_a_file_of_ones_own(suite: Suite, conforming: str) -> None:
    Path("test_schema.py").write_text(
        "from conformance.suite.test_structure import *\nfrom conformance.suite.test_state import *\n\n"
        "def test_own(): pass\n"
    )
    for workers in ((), ("-n", "2")):
        run = suite("--database-url", conforming, "--strict-markers", *workers, what=("test_schema.py",))
        assert run.code == 0, run.text
        assert {"0001/agents/table", "0002/task_dependencies/acyclic"} <= set(run.cases)
        assert len(run.cases) > 1000


@pytest.mark.parametrize("kind", ["conftest", "plugin"])
def test_an_option_that_somebody_else_has_is_understood(suite: Suite, conforming: str, kind: str) -> None:
    """Ours is never in their way, and in a run of the suite what is given to theirs is given to ours."""
    Path("conftest.py" if kind == "conftest" else "theirs.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--database-url')\n    parser.addoption('--waivers')\n"
    )
    also = ("-p", "theirs") if kind == "plugin" else ()
    env = {"PYTHONPATH": str(Path.cwd())}
    for given in (("--database-url", conforming), (f"--database-url={conforming}",)):
        run = suite(*also, *given, "-m", "migration_0015", env=env)
        assert run.code == 0, run.text
        assert "suite_conforming" in run.text
    Path("test_theirs.py").write_text(
        "def test_it(request): assert request.config.getoption('--database-url') == 'x'\n"
    )
    assert suite(*also, "--database-url=x", what=("test_theirs.py",), env=env).code == 0


def test_a_run_without_the_suite_pays_next_to_nothing(suite: Suite) -> None:
    Path("test_own.py").write_text(
        "import sys\n\ndef test_own():\n"
        "    loaded = {m for m in sys.modules if m.startswith(('conformance', 'psycopg'))}\n"
        "    assert loaded <= {'conformance', 'conformance.suite', 'conformance.suite.plugin'}, loaded\n"
    )
    run = suite("--strict-markers", what=("test_own.py",))
    assert run.code == 0, run.text
    assert not re.search("@pytest.mark.(must|unique|conformance):", suite("--markers", what=()).text)


def test_help_names_the_options() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in ("--database-url", "--conformance-database-url", "--waivers", "--conformance-through"):
        assert option in shown
