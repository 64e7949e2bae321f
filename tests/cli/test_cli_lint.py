"""`conformance lint`: files in, a report out, and one clear message for what is no SQL."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.fixtures_of import migrations

OURS = migrations("documented", "0028")[0].parent


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["lint", "--ignore", "A*", *arguments])  # what they build; the hazards have tests of their own
    out, err = capsys.readouterr()
    return code, out, err


def _last(tmp_path: Path, sql: str, name: str = "0029_last.sql") -> str:
    file = tmp_path / name
    file.write_text(sql, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_our_own_migrations_conform(capsys: pytest.CaptureFixture[str], profile: str) -> None:
    code, out, _ = _run(capsys, str(OURS.parent / profile), "--profile", profile)
    assert code == 0
    assert "not understood" not in out
    assert "server    none; read as PostgreSQL 18 would" in out


@pytest.mark.parametrize("through", ["0013", "0018", "0023"])
def test_through_reads_the_files_up_to_it(capsys: pytest.CaptureFixture[str], through: str) -> None:
    code, out, _ = _run(capsys, str(OURS), "--through", through)
    assert code == 0
    assert f"after {through} were not read" in " ".join(out.split())


def test_a_departure_fails_as_it_does_in_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    last = _last(tmp_path, "ALTER TABLE agents DROP CONSTRAINT agents_name_key;")
    code, out, _ = _run(capsys, str(OURS), last)
    assert code == 1
    assert "FAIL must  0015/agents.name/unique" in out


def test_what_is_not_understood_is_said_with_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    last = _last(tmp_path, "SELECT 1;\n\nCREATE RULE kept AS ON DELETE TO agents DO INSTEAD NOTHING;\n")
    code, out, _ = _run(capsys, str(OURS), last, "--format", "json")
    report = json.loads(out)
    assert code == 3
    assert [remark for remark in report["remarks"] if f"{last}:3 is not understood" in remark and "agents" in remark]
    verdicts = {o["verdict"] for o in report["outcomes"] if o["table"] == "agents" and o["verdict"] != "not-applicable"}
    assert verdicts == {"indeterminate"}
    assert {o["verdict"] for o in report["outcomes"] if o["table"] == "teams"} <= {
        "pass",
        "indeterminate",
        "not-applicable",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABEL agents (id uuid);",
        "DO $$ BEGIN EXECUTE 'DROP TABLE agents'; END $$;",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE 'DROP TABLE agents'; END LOOP; END $$;",
        "CALL change_everything();",
        "SELECT change_everything();",
        "DROP SCHEMA public CASCADE;",
        "ROLLBACK;",
        "\\i other.sql\n",
        "SELECT 'without an end;",
        "ALTER DATABASE astra SET search_path = other;",
        "UPDATE pg_catalog.pg_index SET indisvalid = false;",
        "SET LOCAL search_path = other; ALTER TABLE agents DROP COLUMN name;",
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();",
        "ALTER TABLE agents NO SUCH ACTION;",
        "SELECT * INTO agents FROM goals;",
    ],
)
def test_nothing_passes_behind_what_is_not_understood(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sql: str
) -> None:
    code, out, _ = _run(capsys, str(OURS), _last(tmp_path, sql), "--format", "json")
    report = json.loads(out)
    assert code == 3
    assert any("is not understood" in remark for remark in report["remarks"])
    assert not [o["id"] for o in report["outcomes"] if o["table"] == "agents" and o["verdict"] == "pass"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO agents (name) VALUES ('x');",
        "COMMENT ON TABLE agents IS 'a comment; with a semicolon';",
        "GRANT SELECT ON agents TO reader;",
        "SET lock_timeout = '5s';",
        "BEGIN; COMMIT;",
        "/* a /* nested */ comment */ -- and one more\n ANALYZE;",
        "SELECT setval('events_id_seq', 1);",
        "\\echo hello\nSELECT 1;",
        "COPY agents (name) FROM stdin;\na\tb;\n\\.\nSELECT 1;",
    ],
)
def test_what_is_irrelevant_changes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, sql: str) -> None:
    code, out, _ = _run(capsys, str(OURS), _last(tmp_path, sql))
    assert (code, "not understood" in out) == (0, False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no statement"),
        (b"-- nothing\n", "no statement"),
        (b"\xff\xfe", "not UTF-8: byte 0 is 0xff"),
        (b"SELECT 1;\0", "no text"),
    ],
)
def test_what_is_no_sql_is_one_message(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "0001_x.sql"
    file.write_bytes(content)
    code, out, err = _run(capsys, str(file))
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_bad_paths_are_one_message(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for path, said in ((tmp_path / "nowhere", "is not there"), (tmp_path, "has no file named *.sql")):
        code, _, err = _run(capsys, str(path))
        assert (code, said in err) == (2, True)
    assert _run(capsys)[0] == 2
    assert _run(capsys, str(OURS), "--postgres", "9")[0] == 2


def test_older_servers_lack_newer_syntax(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    last = _last(tmp_path, "ALTER TABLE agents ADD CONSTRAINT x CHECK (name <> '') NOT ENFORCED;")
    assert "needs PostgreSQL 18" in " ".join(_run(capsys, str(OURS), last, "--postgres", "16")[1].split())
    assert "needs PostgreSQL 18" not in _run(capsys, str(OURS), last)[1]


def test_layouts_are_read_as_their_tools_apply_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    texts = [file.read_text(encoding="utf-8") for file in migrations("documented", "0028")]
    goose, pairs, flyway = (tmp_path / name for name in ("goose", "pairs", "flyway"))
    for folder in (goose, pairs, flyway):
        folder.mkdir()
    for number, text in enumerate(texts, 1):
        down = "DROP TABLE agents CASCADE;"
        (goose / f"{number:05}_x.sql").write_text(f"-- +goose Up\n{text}\n-- +goose Down\n{down}\n", encoding="utf-8")
        (pairs / f"{number:06}_x.up.sql").write_text(text, encoding="utf-8")
        (pairs / f"{number:06}_x.down.sql").write_text(down, encoding="utf-8")
        (flyway / f"V{number}__x.sql").write_text(text, encoding="utf-8")
    for folder in (goose, pairs, flyway):
        assert _run(capsys, str(folder))[0] == 0


GARBAGE = {
    "parentheses": "CREATE TABLE t (a int CHECK (" + "(" * 10_000 + "true" + ")" * 10_000 + "));",
    "one line": "INSERT INTO t VALUES (" + ", ".join(["'x'"] * 1_600_000) + ");",
    "semicolons": ";" * 10_000_000 + "SELECT 1;",
    "comments": "/*" * 3_000_000,
    "signs": "SELECT " + "+" * 5_000_000 + ";",
    "negations": "CREATE TABLE t (a bool CHECK (" + "NOT " * 100_000 + "a));",
    "operators": "CREATE TABLE t (a int CHECK (a = 1" + " + 1" * 2_000 + "));",
    "casts": "CREATE TABLE t (a int CHECK (a" + "::int" * 2_000 + " = 1));",
    "tests": "CREATE TABLE t (a int CHECK (a" + " IS NULL" * 2_000 + "));",
    "blocks": "DO $$ " + "BEGIN " * 5_000 + "END; " * 5_000 + "$$;",
    "choices": "DO $$ BEGIN " + "IF EXISTS (SELECT FROM pg_type) THEN " * 2_000 + "CREATE TYPE a; $$;",
    "a cut file": "CREATE TABLE agents (id uuid PRIMARY KEY, name text DEFAULT 'x",
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_ends_within_seconds(tmp_path: Path, kind: str) -> None:
    file = _last(tmp_path, GARBAGE[kind])
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "lint", file], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in (1, 3)
    assert "Traceback" not in done.stdout + done.stderr
    assert "a bug of ours" not in done.stderr
    assert time.monotonic() - began < 20  # ten, on a machine that does nothing else
