"""The configuration: where it is found, what wins, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from looking import Conformance, Looked

from conformance.cli import main
from conformance.config import settings
from conformance.errors import UsageError

URL = "postgresql://reader@db/astra"


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def test_every_key_reaches_the_run(looked: Looked) -> None:
    write(
        "conformance.toml",
        'profile = "reference"\nthrough = "0018"\nstrict = true\nselect = ["a", "b"]\nignore = "c"\nschema = "s"\n'
        'contract = ["more.toml"]\nwaivers = "w.toml"\nsandbox = "local"\n',
    )
    assert main(["check"]) == 0
    options = looked.options
    assert (options.profile, options.through, options.strict) == ("reference", "0018", True)
    assert (options.select, options.ignore, options.schema) == (("a", "b"), ("c",), "s")
    assert options.contract == (Path.cwd() / "more.toml",)
    assert (options.waivers, options.sandbox) == (Path.cwd() / "w.toml", "local")


def test_the_command_line_wins(looked: Looked) -> None:
    write("conformance.toml", 'profile = "reference"\nstrict = true\nselect = ["a"]\nschema = "s"\n')
    assert main(["check", URL, "--profile", "documented", "--no-strict", "--select", "z"]) == 0
    options = looked.options
    assert (options.profile, options.strict, options.select, options.schema) == ("documented", False, ("z",), "s")


def test_a_sandbox_that_is_configured_does_not_forbid_a_url(looked: Looked) -> None:
    write("conformance.toml", 'sandbox = "local"\n')
    assert main(["check", URL]) == 0


@pytest.mark.parametrize(
    ("configured", "given", "chosen"),
    [
        ("image = 'postgres:17'", [], ("docker", "postgres:17")),
        ("image = 'postgres:17'", ["--sandbox", "docker"], ("docker", "postgres:17")),
        ("image = 'postgres:17'", ["--sandbox", "local"], ("local", None)),
        ("sandbox = 'local'", ["--image", "postgres:17"], ("docker", "postgres:17")),
    ],
)
def test_an_image_is_another_sandbox(
    looked: Looked, configured: str, given: list[str], chosen: tuple[str, str | None]
) -> None:
    write("conformance.toml", configured)
    assert main(["check", *given]) == 0
    assert (looked.options.sandbox, looked.options.image) == chosen


def test_pyproject_is_read_and_conformance_toml_wins() -> None:
    write("pyproject.toml", '[tool.other]\nx = 1\n\n[tool.conformance]\nprofile = "reference"\n')
    assert settings() == {"profile": "reference"}
    write("conformance.toml", 'profile = "documented"\n')
    assert settings() == {"profile": "documented"}


def test_the_nearest_file_above_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    write("conformance.toml", 'waivers = "w.toml"\n')
    write("a/pyproject.toml", "[project]\nname = 'x'\n")
    write("a/b/c/file", "")
    root = Path.cwd()
    monkeypatch.chdir("a/b/c")
    assert settings() == {"waivers": root / "w.toml"}


def test_what_does_not_speak_of_us_is_not_parsed() -> None:
    write("pyproject.toml", "this is [not TOML")
    assert settings() == {}
    write("pyproject.toml", "# [tool.conformance] is not used here\n")
    assert settings() == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profil = 'x'\n", "unknown key 'profil'; allowed are profile, through, strict"),
        ("strict = 'yes'\n", "strict must be true or false, not 'yes'"),
        ("through = 18\n", "through must be a string, not 18"),
        ("select = [1]\n", "select must be a string or a list of strings, not [1]"),
        ("waivers = ['a']\n", "waivers must be a string"),
        ("through = 0018\n", "is not TOML"),
    ],
)
def test_errors_name_the_file_and_the_key(
    text: str, said: str, looked: Looked, capsys: pytest.CaptureFixture[str]
) -> None:
    write("conformance.toml", text)
    assert main(["check", URL]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"conformance: {Path.cwd() / 'conformance.toml'}")
    assert said in err
    assert looked.count == 0


def test_all_errors_are_told_at_once() -> None:
    write("conformance.toml", "a = 1\nb = 2\n")
    with pytest.raises(UsageError) as caught:
        settings()
    assert "unknown key 'a'" in str(caught.value)
    assert "unknown key 'b'" in str(caught.value)


def test_a_section_that_is_no_table_and_a_file_that_is_no_text() -> None:
    write("pyproject.toml", "[tool]\nconformance = 3\n# [tool.conformance]\n")
    with pytest.raises(UsageError, match="must be a table"):
        settings()
    Path("conformance.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        settings()


def test_list_follows_the_configuration(conformance: Conformance) -> None:
    write("conformance.toml", 'through = "0012"\nselect = ["nothing-of-the-kind"]\n')
    done = conformance("list")
    assert done.returncode == 0
    assert "0013/" not in done.stdout


def test_a_pattern_of_another_commands_is_said_and_no_error(database: str, conformance: Conformance) -> None:
    """One configuration serves them all."""
    foreign = {
        "property/*": "areas driven step by step, which `conformance prove` judges",
        "0015/agents.name/no-duplicates": "invariants of rows, which `conformance audit` judges",
        "A40[1-9]": "lints, which `conformance lint` judges",
    }
    Path("one.sql").write_text("CREATE TABLE other (id int PRIMARY KEY);\n")
    mine = {
        "check": set(),
        "audit": {"0015/agents.name/no-duplicates"},
        "lint": {"A40[1-9]"},
        "prove": {"property/*", "0015/agents.name/no-duplicates"},
    }
    write("conformance.toml", f"ignore = {list(foreign)}\n")
    for command, own in mine.items():
        where = {"lint": "one.sql", "prove": "--select=*/agents.name/type"}.get(command, database)
        done = conformance(command, where)
        assert done.returncode != 2, done.stderr
        said = " ".join(done.stdout.split())
        told = {pattern for pattern, words in foreign.items() if f"ignore: {pattern} names {words}" in said}
        assert (command, told) == (command, foreign.keys() - own)
    write("conformance.toml", 'ignore = ["proprety/*"]\n')
    for command in mine:
        done = conformance(command, "one.sql" if command == "lint" else database)
        assert (command, done.returncode, done.stdout) == (command, 2, "")
        assert "ignore: proprety/* matches no requirement" in done.stderr


def test_a_selection_of_what_others_judge_alone_is_an_error(database: str, conformance: Conformance) -> None:
    done = conformance("audit", database, "--select", "property/*", "--select", "A401")
    assert (done.returncode, done.stdout) == (2, "")
    said = (
        "names areas driven step by step, which `conformance prove` judges, and lints, which `conformance lint` judges"
    )
    assert done.stderr == f"conformance: select: property/*, A401 {said}\n"
