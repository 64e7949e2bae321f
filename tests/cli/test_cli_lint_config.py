"""`[tool.conformance.lint]`, and the options that say the same on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli import main
from conformance.config import lint_settings, settings
from conformance.errors import UsageError
from conformance.model.ignoring import Ignoring

CONFIGURED = """
[tool.conformance]
profile = "reference"
select = ["0015/*"]

[tool.conformance.lint]
select = "A*"
ignore = ["A301", "A404"]
postgres = 16
assume-transaction = true
rows = { tasks = 5_000_000 }

[tool.conformance.lint.per-file-ignores]
"db/0001_*" = "A001"
"""


@pytest.fixture(autouse=True)
def _files() -> None:
    Path("db").mkdir()
    for name in ("0001_a", "0002_b"):
        text = f"SET lock_timeout = '5s';\nCREATE INDEX {name[5:]} ON tasks (status);\n"
        Path(f"db/{name}.sql").write_text(text, encoding="utf-8")


def configure(text: str, file: str = "pyproject.toml") -> None:
    Path(file).write_text(text, encoding="utf-8")


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["lint", *arguments, "db"])
    return code, "".join(capsys.readouterr())


def test_every_key_is_read() -> None:
    configure(CONFIGURED)
    assert settings() == {"profile": "reference", "select": ("0015/*",)}
    assert lint_settings() == {
        "select": ("A*",),
        "ignore": ("A301", "A404"),
        "ignoring": (Ignoring(glob="db/0001_*", codes=("A001",), folder=Path.cwd()),),
        "postgres": 16,
        "assume_transaction": True,
        "rows": {"tasks": 5_000_000},
    }


def test_conformance_toml_has_the_same_table() -> None:
    configure('[lint]\npostgres = 14\n[lint.per-file-ignores]\n"a.sql" = ["A001"]\n', "conformance.toml")
    assert settings() == {}
    assert lint_settings()["postgres"] == 14


def test_it_is_in_force(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    configure(CONFIGURED)
    code, told = lint(capsys)
    assert code == 1
    assert "read as PostgreSQL 16 would" in told
    assert "db/0002_b.sql:2:1: A001" in told
    assert "db/0001_a.sql:2:1: A001" not in told
    monkeypatch.chdir("db")  # globs are relative to the file that has them
    assert main(["lint", "0001_a.sql"]) == 0
    Path("within").mkdir()
    monkeypatch.chdir("within")
    assert main(["lint", "../0001_a.sql"]) == 0


def test_the_command_line_wins(capsys: pytest.CaptureFixture[str]) -> None:
    configure(CONFIGURED)
    told = lint(capsys, "--postgres", "17", "--select", "A001", "--per-file-ignores", "0002_b.sql:A0*")[1]
    assert "read as PostgreSQL 17 would" in told
    assert "db/0001_a.sql:2:1: A001" in told
    assert "db/0002_b.sql:2:1: A001" not in told
    Path("db/0003_c.sql").write_text("CREATE INDEX CONCURRENTLY c ON tasks (id);\n", encoding="utf-8")
    assert "A002" in lint(capsys)[1]
    assert "A002" not in lint(capsys, "--no-assume-transaction")[1]


@pytest.mark.parametrize(
    ("glob", "matches"),
    [("0001_*", True), ("db/*", True), ("**/0001_a.sql", True), ("a/*", False), ("db", False), ("0001_A.sql", False)],
)
def test_globs(capsys: pytest.CaptureFixture[str], glob: str, matches: bool) -> None:
    told = lint(capsys, "--select", "A001", "--per-file-ignores", f"{glob}:A001")[1]
    assert ("db/0001_a.sql:2:1: A001" not in told) is matches
    flat = " ".join(told.split())
    assert (f"per-file-ignores: {glob} matches none of the files" in flat) is not matches


def test_a_suppression_is_not_in_vain_where_the_file_is_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    Path("db/0001_a.sql").write_text(
        "-- conformance: ignore A001 it is small\nCREATE INDEX a ON tasks (status);\n", encoding="utf-8"
    )
    told = lint(capsys, "--select", "A001", "--select", "A901", "--per-file-ignores", "db/*:A001")[1]
    assert "A901 warning" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.conformance.lint]\n\npostgre = 16\n", "pyproject.toml:3: unknown key 'postgre' of lint; allowed are"),
        ("[tool.conformance.lint]\npostgres = '16'\n", "pyproject.toml:2: postgres must be a number"),
        ("[tool.conformance.lint]\npostgres = true\n", "pyproject.toml:2: postgres must be a number"),
        ("[tool.conformance.lint]\nassume-transaction = 1\n", "assume-transaction must be true or false"),
        ("[tool.conformance.lint]\nselect = [1]\n", "select must be a string or a list of strings, not [1]"),
        ("[tool.conformance.lint]\nrows = { a = -1 }\n", "rows must be a table from names of tables to numbers"),
        ("[tool.conformance.lint.per-file-ignores]\na = 1\n", "pyproject.toml:1: per-file-ignores must be a table"),
        ("[tool.conformance]\nlint = 1\n", "pyproject.toml:2: lint must be a table"),
        ("\n[tool.conformance]\nprofil = 'x'\n", "pyproject.toml:3: unknown key 'profil'; allowed are profile,"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    configure(text)
    for read in (settings, lint_settings):
        with pytest.raises(UsageError) as caught:
            read()
        assert said in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    configure("[tool.conformance]\nprofil = 1\n[tool.conformance.lint]\na = 1\nb = 2\n")
    with pytest.raises(UsageError) as caught:
        settings()
    assert str(caught.value).count("unknown key") == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--per-file-ignores", "db/*:A999"], "there is no lint A999"),
        (["--per-file-ignores", "db/*"], "write a glob, a colon and codes"),
        (["--rows", "tasks"], "write a table and how many rows"),
        (["--select", "A999"], "A999 matches no"),
        (["--postgres", "11"], "a major from 12 to 18"),
    ],
)
def test_what_is_wrong_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    code, told = lint(capsys, *arguments)
    assert (code, said in told) == (2, True)


def test_a_lint_that_is_not_there_is_an_error_in_the_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure('[tool.conformance.lint.per-file-ignores]\n"db/*" = ["A999"]\n')
    code, told = lint(capsys)
    assert (code, "there is no lint A999" in told) == (2, True)


def test_few_rows_take_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    Path("db/0003_c.sql").write_text(
        "ALTER TABLE tasks ALTER COLUMN cost TYPE bigint, ADD CHECK (cost > 0), ALTER cost SET NOT NULL,"
        " ADD UNIQUE (cost), ADD COLUMN k uuid DEFAULT gen_random_uuid();\nUPDATE tasks SET cost = 1;\n"
        "CLUSTER tasks;\nDELETE FROM tasks;\n",
        encoding="utf-8",
    )
    slow = ("A001", "A003", "A005", "A006", "A007", "A008", "A011")
    select = [word for code in (*slow, "A103") for word in ("--select", code)]
    told = lint(capsys, *select, "--rows", "tasks=10_000")[1]
    assert all(f"{code} error" in told for code in slow)
    told = lint(capsys, *select, "--rows", "tasks=9999", "--rows", "goals=1")[1]
    assert not any(f"{code} error" in told for code in slow)
    assert "makes a table" not in told
    assert "rows: no file that was read makes a table taks" in lint(capsys, "--rows", "taks=1")[1]
    assert "db/0003_c.sql:4:1: A103 error every row of tasks is gone" in told


@pytest.mark.parametrize("chosen", [["--select", "A001,A301"], ["--select", "A*", "--ignore", "A0*, A9*,A2*,A4*,A303"]])
def test_several_may_be_chosen_at_once(chosen: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("0001_a.sql").write_text("CREATE INDEX idx ON tasks (status);\n", encoding="utf-8")
    main(["lint", *chosen, "0001_a.sql"])
    out = capsys.readouterr().out
    assert "A301 warning" in out
    assert ("A001 error" in out) == ("A001,A301" in chosen)
    assert main(["lint", "--select", "A001,A999", "0001_a.sql"]) == 2
    assert "A999 matches no requirement" in capsys.readouterr().err
    assert main(["lint", "--select", "", "0001_a.sql"]) == 2
