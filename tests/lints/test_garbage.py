"""What is no migration ends soon, in little memory, with a verdict or one message, and never with a traceback."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS = 60
"""What a busy machine may take for what takes a few seconds on a quiet one."""
MIB = 1024


def _drawn(alphabet: str, length: int) -> str:
    drawing = random.Random(7)
    return "".join(drawing.choice(alphabet) for _ in range(length))


GARBAGE = {
    "ten megabytes on one line": "SELECT " + "1+" * 5_000_000 + "1;",
    "ten megabytes of rows": "INSERT INTO t VALUES " + ",".join(["(1,'aaaaaaaaaaaaaaaaaaaaaaa')"] * 350_000) + ";",
    "ten megabytes of columns": f"CREATE TABLE t ({','.join(f'c{n} int' for n in range(700_000))});",
    "ten thousand parentheses": f"ALTER TABLE tasks ADD CHECK {'(' * 10_000}true{')' * 10_000};",
    "parentheses without an end": f"CREATE TABLE tasks (id int DEFAULT {'(' * 10_000};",
    "ten thousand NOTs": f"ALTER TABLE tasks ADD CHECK ({'NOT ' * 10_000}true);",
    "comments": "-- x\n" * 1_000_000 + "SELECT 1;",
    "comments in comments": "/*" * 500_000,
    "blocks in blocks": f"DO $$ BEGIN {'IF true THEN ' * 3_000}NULL;{' END IF;' * 3_000} END $$;",
    "dollar quotes": "$a$" * 300_000,
    "a thousand policies and types on one line": "CREATE TABLE t (n int);"
    + "".join(f"CREATE POLICY p{n} ON t USING (n > {n});CREATE TYPE a{n} AS (x int);" for n in range(1_000)),
    "commands of psql in one statement": "SELECT 1\n" + "\\echo x\n+ 1\n" * 20_000,
    "three thousand statements of a kind": "CREATE TABLE t (n int);\n"
    + "".join(
        f"CREATE POLICY p{n} ON t USING (n > {n});\nALTER TABLE t DISABLE TRIGGER g{n};\nCREATE INDEX i{n} ON t (n);\n"
        for n in range(3_000)
    ),
    "ten megabytes of what opens": "(" * 10_000_000,
    "ten megabytes of backslashes": "\\" * 10_000_000,
    "a million commands of psql": "\\echo\n" * 1_400_000 + "SELECT 1;\n",
    "conditions of psql": "\\if true\n" * 100_000,
    "thousands of a kind without a name": "CREATE TABLE t (n int);\nCREATE DOMAIN d AS int;\n"
    + "".join(
        f"CREATE INDEX ON t (n);\nALTER TABLE t ADD CHECK (n > {n});\nALTER DOMAIN d ADD CHECK (VALUE > {n});\n"
        for n in range(3_000)
    ),
    "a thousand partitions, as they are dumped": "CREATE TABLE t (n int NOT NULL, m int) PARTITION BY RANGE (n);\n"
    + "".join(f"CREATE TABLE t{n} (n int NOT NULL, m int);\n" for n in range(1_000))
    + "".join(f"ALTER TABLE ONLY t ATTACH PARTITION t{n} FOR VALUES FROM ({n}) TO ({n + 1});\n" for n in range(1_000))
    + "ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (n);\nCREATE INDEX t_m ON ONLY t (m);\n"
    + "".join(f"ALTER TABLE ONLY t{n} ADD CONSTRAINT t{n}_pkey PRIMARY KEY (n);\n" for n in range(1_000))
    + "".join(f"CREATE INDEX t{n}_m ON t{n} (m);\n" for n in range(1_000))
    + "".join(
        f"ALTER INDEX t_pkey ATTACH PARTITION t{n}_pkey;\nALTER INDEX t_m ATTACH PARTITION t{n}_m;\n"
        for n in range(1_000)
    )
    + "ALTER TABLE t ADD COLUMN more int;\nALTER TABLE t RENAME COLUMN more TO less;\nALTER TABLE t DROP COLUMN less;\n",
    "partitions that are not understood": "CREATE TABLE t (n int) PARTITION BY RANGE (n);\n"
    + "".join(f"CREATE TABLE t{n} PARTITION OF t FOR VALUES FROM ({n} + 0) TO ({n} + 1);\n" for n in range(3_000)),
    "five million statements": "a;" * 5_000_000,
    "a statement that is cut": "CREATE TABLE notes (id int, body te",
    "letters as they come": _drawn("abc'\"$;()-/*\\\n CREATE TABLE", 500_000),
}


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MIB * 1024 * 1024, MIB * 1024 * 1024))


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_judged_within_bounds(name: str, tmp_path: Path) -> None:
    file = tmp_path / "0001_garbage.sql"
    file.write_text(GARBAGE[name], encoding="utf-8")
    command = [sys.executable, "-m", "conformance", "lint", str(file)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, preexec_fn=_bound, check=False)
    assert time.monotonic() - began < SECONDS
    assert done.returncode in (1, 3), done.stderr
    assert not done.stderr
    assert "Traceback" not in done.stdout
    assert "exit " in done.stdout


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "0001_garbage.sql"
    file.write_bytes(random.Random(7).randbytes(100_000))
    command = [sys.executable, "-m", "conformance", "lint", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"conformance: {file} is not UTF-8: byte ")
    assert done.stderr.count("\n") == 1
