"""The hook for pre-commit, run by pre-commit itself in a repository of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("CREATE INDEX idx ON tasks (priority);\n", 1, "db/0029_idx.sql:1:1: A001 error nobody can write to tasks"),
        ("SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY IF NOT EXISTS idx ON tasks (priority);\n", 0, "Passed"),
    ],
)
def test_pre_commit_runs_the_hook(sql: str, code: int, said: str, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit clones a repository, and this is none")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "0029_idx.sql").write_text(sql, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "--all"], cwd=tmp_path, check=True)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "conformance-lint", "--all-files"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if "pip" in done.stdout and "An unexpected error" in done.stdout:
        pytest.skip(f"pre-commit cannot install the package here: {done.stdout.splitlines()[-1]}")
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout
