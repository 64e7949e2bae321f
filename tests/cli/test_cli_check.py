"""`conformance check`: what the options ask for, where reports go, what the exit code says."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from looking import Looked, outcome

from conformance import check
from conformance.cli import main

URL = "postgresql://reader@db/astra"


@pytest.mark.parametrize(
    ("verdict", "level", "flags", "code"),
    [
        ("pass", "must", [], 0),
        ("fail", "must", [], 1),
        ("fail", "should", [], 0),
        ("fail", "should", ["--strict"], 1),
        ("indeterminate", "must", [], 3),
        ("not-applicable", "must", [], 3),
        ("waived", "must", [], 0),
    ],
)
def test_exit_codes(looked: Looked, verdict: str, level: str, flags: list[str], code: int) -> None:
    looked.outcomes = (outcome("pass", id_="0013/other/table"), outcome(verdict, level))  # type: ignore[arg-type]
    if verdict == "not-applicable":
        looked.outcomes = looked.outcomes[1:]
    assert main(["check", URL, *flags]) == code


def test_options_reach_the_run(looked: Looked) -> None:
    flags = (
        "--profile reference --through 0018 --strict --select a --select b/* --ignore c --schema s --contract f.toml"
        " --waivers w.toml"
    )
    assert main(["check", URL, *flags.split()]) == 0
    assert looked.url == URL
    options = looked.options
    assert (options.profile, options.through, options.strict, options.schema) == ("reference", "0018", True, "s")
    assert (options.select, options.ignore) == (("a", "b/*"), ("c",))
    assert (options.contract, options.waivers) == ((Path("f.toml"),), Path("w.toml"))


def test_without_source_the_run_chooses(looked: Looked) -> None:
    assert main(["check", "--sandbox", "embedded"]) == 0
    assert looked.url is None
    assert looked.options.sandbox == "embedded"


def test_text_is_the_default(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", URL])
    out, err = capsys.readouterr()
    assert out.startswith("conformance 0\n")
    assert out.endswith("conforms: 1 pass\n")
    assert err == ""


def test_quiet_leaves_the_last_line(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", URL, "--quiet"])
    assert capsys.readouterr().out == "conforms: 1 pass\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("--format json -o report.json --format junit -o junit.xml", {"report.json": "{", "junit.xml": "<"}),
        ("-o report.json -o junit.xml -o report.txt", {"report.json": "{", "junit.xml": "<", "report.txt": "c"}),
        ("-o report.json --format json", {"report.json": "{"}),
        ("-o report --format json", {"report": "{"}),
        ("-o a.json --format junit -o b.json", {"a.json": "{", "b.json": "<"}),
        ("--format text -o report.json", {"report.json": "c"}),
    ],
)
def test_files(looked: Looked, capsys: pytest.CaptureFixture[str], given: str, expected: dict[str, str]) -> None:
    assert main(["check", URL, *given.split()]) == 0
    assert {file.name: file.read_text()[0] for file in Path().iterdir()} == expected
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "conforms: 1 pass\n"


def test_one_format_may_go_to_standard_output(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", URL, "--format", "json", "--format", "junit", "-o", "junit.xml"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"
    assert main(["check", URL, "--format", "json", "-o", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"


def test_files_only_and_quiet_says_only_what_is_wrong(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", URL, "--quiet", "-o", "r.json"])
    assert capsys.readouterr().err == ""
    looked.outcomes = (outcome("fail"),)
    main(["check", URL, "--quiet", "-o", "r.json"])
    assert "exit 1: 1 `must` requirement departed from" in capsys.readouterr().err


def test_a_file_is_replaced_whole_and_keeps_to_the_umask(looked: Looked) -> None:
    Path("r.json").write_text("x" * 100_000)
    before = os.umask(0o027)
    try:
        main(["check", URL, "-o", "r.json"])
    finally:
        os.umask(before)
    assert json.loads(Path("r.json").read_text())["exit_code"] == 0
    assert stat.S_IMODE(Path("r.json").stat().st_mode) == 0o640
    assert [file.name for file in Path().iterdir()] == ["r.json"]


def test_a_link_is_followed_and_a_device_is_written_to(looked: Looked) -> None:
    Path("real.json").write_text("")
    Path("link.json").symlink_to("real.json")
    assert main(["check", URL, "-o", "link.json", "--format", "text", "-o", os.devnull]) == 0
    assert Path("link.json").is_symlink()
    assert json.loads(Path("real.json").read_text())
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("--format json --format junit", "json and junit cannot both go to standard output"),
        (
            "--format sarif7",
            "there is no format 'sarif7'; there are: badge, badge-svg, github, gitlab, html, json, junit,",
        ),
        ("-o report.pdf", "the format of -o report.pdf is not clear"),
        ("-o nowhere/report.json", "there is no folder nowhere"),
        ("-o .", "is not clear"),
        ("--format json -o .", "is a folder"),
        ("-o a.json -o a.json", "a.json is given for two formats"),
        ("--colour", "there is no option --colour"),
        ("--prof documented", "there is no option --prof"),
        ("second", "there are too many arguments"),
        ("--through", "argument --through: expected one argument"),
        ("--sandbox embedded", "give one of them"),
        ("--image postgres:17", "--image asks for a throw-away server, SOURCE names a database"),
    ],
)
def test_calls_that_are_wrong(looked: Looked, capsys: pytest.CaptureFixture[str], given: str, said: str) -> None:
    assert main(["check", URL, *given.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.startswith("conformance: ")
    assert len(err.splitlines()) == 1
    assert looked.count == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["jdbc:mysql://db/astra"], "driver's spelling"),
        (["PostgreSQL+psycopg://db/astra"], "driver's spelling"),
        (["mysql://db/astra"], "not a scheme of PostgreSQL"),
        (["'postgresql://db/astra'"], "quotes around it"),
        ([" postgresql://db/astra"], "blank"),
        ([""], "is empty"),
        (["astra"], "neither a database URL nor"),
        ([URL, "--profile", "nonesuch"], "there is no profile 'nonesuch'"),
        ([URL, "--through", "18"], "is no migration"),
        ([URL, "--through", "0029"], "through 0012 to 0028"),
        ([URL, "--contract", "missing.toml"], "missing.toml"),
        ([URL, "--waivers", "missing.toml"], "missing.toml"),
        (["--sandbox", "cloud"], "there is no sandbox 'cloud'; there are: embedded, local, docker"),
        (["--sandbox", "local", "--image", "postgres:17"], "an image is run in Docker, and no sandbox 'local' has one"),
        (["."], "is no file; SOURCE is the URL of a database, or a snapshot of one"),
    ],
)
def test_calls_that_are_wrong_by_their_meaning(capsys: pytest.CaptureFixture[str], given: list[str], said: str) -> None:
    assert main(["check", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_a_real_database(conformance, database: str) -> None:  # type: ignore[no-untyped-def]
    done = conformance("check", database)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    quiet = conformance("check", database, "--select", "0001/agents/*", "--quiet").stdout
    assert quiet == "conforms: 1 pass; not examined: what was not selected\n"


def test_a_selection_that_matches_nothing(conformance, database: str) -> None:  # type: ignore[no-untyped-def]
    done = conformance("check", database, "--select", "nonesuch")
    assert (done.returncode, done.stdout) == (2, "")
    assert "select: nonesuch matches no requirement" in done.stderr


def test_two_runs_are_the_same_times_aside(conformance, database: str) -> None:  # type: ignore[no-untyped-def]
    def timeless(format_: str) -> list[str]:
        text = conformance("check", database, "--format", format_).stdout
        return [line for line in text.splitlines() if "time" not in line and '"seconds"' not in line]

    one, other = (json.loads(conformance("check", database, "--format", "json").stdout) for _ in range(2))
    for record in (one, other):
        del record["started"], record["seconds"]
    assert one == other
    assert timeless("text") == timeless("text")


def test_the_address_comes_from_the_environment(conformance, database: str) -> None:  # type: ignore[no-untyped-def]
    done = conformance("check", CONFORMANCE_DATABASE_URL=database, DATABASE_URL="mysql://x")
    assert done.returncode == 0
    assert "($CONFORMANCE_DATABASE_URL)" in done.stdout


def test_an_unexpected_pass_is_strict_and_a_needed_glob_is_not(conformance, database: str) -> None:  # type: ignore[no-untyped-def]
    entry = '[[waiver]]\nrequirement = "{}"\nreason = "soon"\nowner = "Ann"\nexpires = "2999-12-31"\n'
    Path("w.toml").write_text(entry.format("0015/agents.name/unique"))
    done = conformance("check", database, "--waivers", "w.toml")
    assert done.returncode == 1
    assert (
        "it holds, and an unexpected pass is strict: remove the waiver for 0015/agents.name/unique of Ann"
        in " ".join(done.stdout.split())
    )
    report = check(database, waivers="w.toml")
    assert report.exit_code == 1
    Path("acme.toml").write_text('["acme/0028/goals.status"]\nunique = {}\ncolumn = {}\n')
    how = ("--reason", "soon", "--owner", "Ann", "--expires", "2999-12-31", "--waivers", "a.toml")
    done = conformance("waive", database, "acme/0028/goals.status/*", *how, "--contract", "acme.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert conformance("check", database, "--waivers", "a.toml", "--contract", "acme.toml").returncode == 0
