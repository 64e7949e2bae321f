"""`conformance audit`: what the options ask for, what the exit code says, and what a report may hold of rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from looking import Conformance, Looked, outcome

from conformance import run
from conformance.cli import main
from conformance.fixtures_of import fill
from conformance.model.looking import Looking
from conformance.model.report import Report
from conformance.options import Options
from conformance.sandbox import Server
from conformance.sources.throwaway import apply

URL = "postgresql://reader@db/astra"
ROWS = Path(__file__).parent.parent / "planted.sql"
TASK = "0000000b-0000-4000-8000-000000000001"
NEAR = "0015/agents.name/no-near-duplicates"
CYCLE = "0002/task_dependencies/acyclic"
FORMATS = ("html", "json", "junit", "text")


class Audited(Looked):
    """Stands in for `conformance.run.audit`; remembers how the rows were to be looked at."""

    looking = Looking()

    def __call__(self, url: str | None, options: Options, looking: Looking, tell: object) -> Report:  # type: ignore[override]
        self.looking = looking
        return super().__call__(url, options)


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Audited:
    """A run without a database."""
    found = Audited()
    monkeypatch.setattr(run, "audit", found)
    return found


@pytest.fixture(scope="session")
def clean(server: Server, database: str) -> str:
    """The URL of a database with the small clean world."""
    url = server.create_database("command_line_clean", template="command_line")
    fill(url, "0028")
    return url


@pytest.fixture(scope="session")
def departing(server: Server, clean: str) -> str:
    """The URL of a database whose rows depart."""
    url = server.create_database("command_line_rows", template="command_line_clean")
    apply(url, [ROWS])
    return url


@pytest.mark.parametrize(
    ("verdict", "level", "flags", "code"),
    [
        ("pass", "must", [], 0),
        ("fail", "must", [], 1),
        ("fail", "should", [], 0),
        ("fail", "should", ["--strict"], 1),
        ("indeterminate", "must", [], 3),
        ("indeterminate", "should", [], 0),
        ("indeterminate", "should", ["--strict"], 3),
        ("waived", "must", [], 0),
    ],
)
def test_exit_codes(audited: Audited, verdict: str, level: str, flags: list[str], code: int) -> None:
    audited.outcomes = (outcome("pass", id_="0013/other/table"), outcome(verdict, level))  # type: ignore[arg-type]
    assert main(["audit", URL, *flags]) == code


def test_options_reach_the_look(audited: Audited) -> None:
    Path("key").write_text("a secret\n")
    flags = (
        "--profile reference --select a --strict --statement-timeout 90s --max-duration 1h --sample 2.5%"
        " --witness-key-file key --trust-views --distrust-indexes --low-memory"
    )
    assert main(["audit", URL, *flags.split()]) == 0
    assert (audited.url, audited.options.profile, audited.options.select) == (URL, "reference", ("a",))
    assert audited.options.strict
    assert audited.looking == Looking(
        statement_timeout=90.0,
        max_duration=3600.0,
        sample=2.5,
        witness_key="a secret",
        trust_views=True,
        distrust_indexes=True,
        low_memory=True,
    )
    assert "secret" not in repr(audited.looking)


def test_values_are_shown_or_ids_hidden(audited: Audited, capsys: pytest.CaptureFixture[str]) -> None:
    Path("key").write_text("a secret\n")
    assert main(["audit", URL, "--show-values"]) == 0
    assert audited.looking == Looking(show_values=True)
    assert main(["audit", URL, "--show-values", "--witness-key-file", "key"]) == 2
    assert "--show-values would show what --witness-key-file hides" in capsys.readouterr().err


def test_without_options_the_look_is_the_default(audited: Audited) -> None:
    assert main(["audit", URL]) == 0
    assert audited.looking == Looking()


@pytest.mark.parametrize(("time", "seconds"), [("250ms", 0.25), ("90", 90.0), ("1.5min", 90.0), ("2h", 7200.0)])
def test_times_have_units(audited: Audited, time: str, seconds: float) -> None:
    assert main(["audit", URL, "--max-duration", time]) == 0
    assert audited.looking.max_duration == seconds


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("--sample 200%", "argument --sample: write a share between 0% and 100%, such as 1%"),
        ("--sample 0%", "write a share"),
        ("--sample 100%", "write a share"),
        ("--sample 1", "write a share"),
        ("--statement-timeout x", "argument --statement-timeout: write a number and a unit: 90s, 10min, 1h"),
        ("--statement-timeout 0s", "write a number and a unit"),
        ("--max-duration -1s", "expected one argument"),
        ("--max-duration 1d", "write a number and a unit"),
        ("--witness-key-file missing", "the key of the witnesses cannot be read from missing"),
        ("--witness-key-file .", "the key of the witnesses cannot be read from ."),
        ("--witness-key-file empty", "empty is empty: a key of the witnesses has to be a secret"),
        ("--witness-key secret", "there is no option --witness-key"),
        ("--format json --format junit", "json and junit cannot both go to standard output"),
        ("second", "there are too many arguments"),
        ("--sandbox embedded", "give one of them"),
    ],
)
def test_calls_that_are_wrong(audited: Audited, capsys: pytest.CaptureFixture[str], given: str, said: str) -> None:
    Path("empty").write_text("\n")
    assert main(["audit", URL, *given.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.startswith("conformance: ")
    assert len(err.splitlines()) == 1
    assert audited.count == 0


def test_the_options_of_rows_are_not_those_of_check(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", URL, "--sample", "1%"]) == 2
    assert "there is no option --sample" in capsys.readouterr().err


def test_help_tells_the_options_and_the_exit_codes(conformance: Conformance) -> None:
    shown = conformance("audit", "--help").stdout
    for word in (
        "--statement-timeout --max-duration --sample --show-values --witness-key-file --trust-views --distrust-indexes"
        " --low-memory --select --waivers --sandbox --format"
    ).split():
        assert f"  {word} " in shown or f"  {word}\n" in shown, word
    assert "1% of the rows" in shown
    assert "exit codes: 0 conforms" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_files_and_quiet(audited: Audited, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", URL, "--quiet", "-o", "r.json", "--format", "junit", "-o", "r.xml"]) == 0
    assert capsys.readouterr() == ("", "")
    assert {path.name for path in Path().iterdir()} == {"r.json", "r.xml"}
    audited.outcomes = (outcome("fail"),)
    assert main(["audit", URL, "--quiet", "-o", "r.json"]) == 1
    assert "exit 1: 1 `must` requirement departed from" in capsys.readouterr().err


# --- on real rows ---


def test_rows_that_keep_every_invariant(clean: str, conformance: Conformance) -> None:
    done = conformance("audit", clean)
    assert (done.returncode, done.stderr) == (0, "")
    assert "invariants hold and nothing in the database enforces them" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_rows_that_depart(departing: str, conformance: Conformance) -> None:
    done = conformance("audit", departing, NO_COLOR="1", FORCE_COLOR="1")
    assert (done.returncode, done.stderr) == (1, "")
    assert f"FAIL must  {CYCLE}" in done.stdout
    assert f"witness   {TASK} →" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Planner" not in done.stdout
    quiet = conformance("audit", departing, "--quiet", "--select", CYCLE).stdout
    assert quiet.startswith("migration 0002\n")
    assert quiet.endswith(
        "0 pass, 1 fail (1 must); not examined: what was not selected\nexit 1: 1 `must` requirement departed from\n"
    )


def test_only_a_should_that_departs(departing: str, conformance: Conformance) -> None:
    assert conformance("audit", departing, "--select", "0015/*").returncode == 0
    assert conformance("audit", departing, "--select", "0015/*", "--strict").returncode == 1


def test_values_are_shown_only_where_they_are_asked_for(departing: str, conformance: Conformance) -> None:
    shown = conformance("audit", departing, "--select", NEAR, "--show-values").stdout
    assert "'Planner '" in shown
    for format_ in FORMATS:
        assert "Planner" not in conformance("audit", departing, "--format", format_).stdout


def test_a_key_makes_pseudonyms_and_is_nowhere_itself(departing: str, conformance: Conformance) -> None:
    Path("key").write_text("c4n4ry of witnesses")
    Path("other").write_text("another")

    def witnesses(key: str) -> list[str]:
        text = conformance("audit", departing, "--witness-key-file", key, "--format", "json").stdout
        return [w for o in json.loads(text)["outcomes"] for found in o["findings"] for w in found["witnesses"]]

    one = witnesses("key")
    assert one == witnesses("key")
    assert set(one).isdisjoint(witnesses("other"))
    orphan, cycle = one[0], next(text for text in one if "→" in text)
    assert orphan in cycle.split(" → "), "one id has one pseudonym, wherever it is seen"
    for format_ in FORMATS:
        done = conformance("audit", departing, "--witness-key-file", "key", "--format", format_)
        assert done.returncode == 1
        assert orphan in done.stdout
        assert "-4000-8000-" not in done.stdout + done.stderr
        assert "c4n4ry" not in done.stdout + done.stderr


def test_an_invariant_is_chosen_and_left_out(departing: str, conformance: Conformance) -> None:
    chosen = json.loads(
        conformance(
            *("audit", departing, "--select", "0015/agents.name/*", "--select", CYCLE, "--ignore", NEAR),
            *("--format", "json"),
        ).stdout
    )
    assert [o["id"] for o in chosen["outcomes"]] == ["0015/agents.name/unique", CYCLE, "0015/agents.name/no-duplicates"]


@pytest.mark.parametrize("given", [["--select", "0015/agents.nam/no-near-duplicates"], ["--ignore", "*/acyclc"]])
def test_a_pattern_that_matches_nothing(given: list[str], clean: str, conformance: Conformance) -> None:
    done = conformance("audit", clean, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert "matches no requirement" in done.stderr


def test_check_says_who_judges_an_invariant(clean: str, conformance: Conformance) -> None:
    alone = conformance("check", clean, "--select", NEAR)
    assert (alone.returncode, alone.stdout) == (2, "")
    assert alone.stderr == f"conformance: select: {NEAR} names invariants of rows, which `conformance audit` judges\n"
    beside = conformance("check", clean, "--select", NEAR, "--select", "0015/*/unique", "--ignore", CYCLE)
    assert beside.returncode == 0
    assert beside.stdout.count("names invariants of") == 2
    assert conformance("check", clean, "--select", "0015/*").returncode == 0


WAIVER = """
[[waiver]]
requirement = "{}"
reason = "renamed next week"
owner = "Ann"
expires = {}
"""
HOW = ("--reason", "renamed next week", "--owner", "Ann", "--expires", "2999-12-31", "--waivers", "w.toml")


def test_a_waiver_excuses_an_invariant(departing: str, conformance: Conformance) -> None:
    assert conformance("waive", departing, NEAR, *HOW).returncode == 0
    done = conformance("audit", departing, "--select", NEAR, "--waivers", "w.toml", "--strict")
    assert done.returncode == 0
    assert f"waived should  {NEAR}" in done.stdout
    assert "renamed next week" in done.stdout


def test_check_does_not_call_a_waiver_of_rows_unmatched(departing: str, conformance: Conformance) -> None:
    Path("w.toml").write_text(WAIVER.format(NEAR, "2999-12-31") + WAIVER.format("0015/agents.name/*", "2999-12-31"))
    said = conformance("check", departing, "--waivers", "w.toml").stdout
    assert "1 waiver for invariants of rows" in said
    assert "matches no requirement" not in said
    assert "remove it" not in said
    Path("w.toml").write_text(WAIVER.format("0015/agents.nam/*", "2999-12-31"))
    done = conformance("check", departing, "--waivers", "w.toml")
    assert done.returncode == 1
    assert "FAIL must  waiver/0015/agents.nam/*" in done.stdout


def test_two_audits_are_the_same_times_aside(departing: str, conformance: Conformance) -> None:
    one, other = (json.loads(conformance("audit", departing, "--format", "json").stdout) for _ in range(2))
    for record in (one, other):
        del record["started"], record["seconds"]
    assert one == other


def test_a_role_that_may_not_read_is_told_what_would_let_it(
    departing: str, conformance: Conformance, server: Server
) -> None:
    with psycopg.connect(departing, autocommit=True) as connection:
        connection.execute("CREATE ROLE blind LOGIN; GRANT SELECT ON task_dependencies TO blind")
    url = departing.replace("//postgres@", "//blind@")
    try:
        done = conformance("audit", url, "--select", CYCLE, "--select", "0001/tasks.goal_id/no-orphan")
        assert done.returncode == 1
        assert f"INDETERMINATE must  {'0001/tasks.goal_id/no-orphan'}" in done.stdout
        assert "may not read" in done.stdout
        assert f"FAIL must  {CYCLE}" in done.stdout
        alone = conformance("audit", url, "--select", "0001/tasks.goal_id/no-orphan")
        assert alone.returncode == 3
        assert "exit 3: 1 `must` requirement could not be evaluated" in alone.stdout
    finally:
        with psycopg.connect(departing, autocommit=True) as connection:
            connection.execute("DROP OWNED BY blind; DROP ROLE blind")


def test_the_address_comes_from_the_environment(clean: str, conformance: Conformance) -> None:
    done = conformance("audit", "--select", CYCLE, DATABASE_URL=clean)
    assert (done.returncode, "($DATABASE_URL)" in done.stdout) == (0, True)


def test_without_an_address_there_is_a_small_world(conformance: Conformance) -> None:
    done = conformance("audit", "--profile", "reference", "--through", "0022", "--select", "*/no-orphan")
    assert done.returncode == 0
    assert "and a small world of rows" in " ".join(done.stdout.split())
    assert "0 rows" not in done.stdout


def test_from_python(departing: str) -> None:
    script = (
        "import sys; from conformance import audit; r = audit(sys.argv[1], select=sys.argv[2]);"
        "print(r.verdict, r.outcomes[0].findings[0].total)"
    )
    done = subprocess.run([sys.executable, "-c", script, departing, CYCLE], capture_output=True, text=True, check=True)
    assert done.stdout == "fail 4\n"
