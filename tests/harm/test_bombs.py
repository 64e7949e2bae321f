"""Objects that are as large as they can be made: memory and time stay bounded, and what was cut is said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from filled import own_world, run
from judged import named

from conformance.errors import CannotEvaluate
from conformance.run import check
from conformance.sandbox import Server

MOST_MB = int(re.findall(r"(\d+) MB of memory", Path("SECURITY.md").read_text(encoding="utf-8"))[0])
LONGEST_S = 120

CHILD = """
import re, sys
from conformance.cli import main
code = main(sys.argv[1:])
# its own highest: what getrusage tells begins with that of the process which started it
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024, file=sys.stderr)
sys.exit(code)
"""
BOMBS = """
SET session_replication_role = replica;
DO $$ BEGIN
    EXECUTE format('COMMENT ON TABLE goals IS %L', repeat('x', 20000000));
    EXECUTE format('ALTER TABLE agents ALTER system_prompt SET DEFAULT %L', repeat('x', 5000000));
    EXECUTE format('ALTER TABLE goals ADD CHECK (%s)',
        (SELECT string_agg(format('status <> %L', 'n' || i), ' AND ') FROM generate_series(1, 10000) AS i));
    EXECUTE format('ALTER TABLE workers %s',
        (SELECT string_agg(format('ADD c%s text NOT NULL DEFAULT %L CHECK (c%s <> %L)', i, 'x', i, 'y'), ', ')
         FROM generate_series(1, 200) AS i));
    EXECUTE format('CREATE FUNCTION long() RETURNS trigger LANGUAGE plpgsql AS %L',
        'BEGIN RETURN NEW; END --' || repeat('x', 20000000));
    FOR i IN 1..100 LOOP
        EXECUTE format('CREATE TRIGGER t%s BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION long()', i);
    END LOOP;
END $$;
ALTER TABLE agents DROP CONSTRAINT agents_name_key CASCADE;
INSERT INTO agents (id, name, system_prompt) SELECT gen_random_uuid(), 'same', '' FROM generate_series(1, 30000);
UPDATE approval_requests SET approvals = (
    SELECT jsonb_agg(jsonb_build_object('user_id', repeat('u', 1000), 'decision', 'approved')) FROM generate_series(1, 15000))
WHERE id = (SELECT min(id::text)::uuid FROM approval_requests);
"""


@pytest.fixture(scope="module")
def bombed(server: Server) -> Iterator[str]:
    with own_world(server) as url:
        run(url, BOMBS)
        yield url


@pytest.mark.skipif(sys.platform != "linux", reason="what a process has used is told in kilobytes on Linux alone")
@pytest.mark.parametrize(
    "words", [("check",), ("audit", "--show-values"), ("snapshot", "-o", "s.json"), ("repair", "-o", "r.sql")]
)
def test_memory_and_time_are_bounded(bombed: str, words: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words, bombed, "--schema", "public"],
        capture_output=True, text=True, timeout=LONGEST_S, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (0, 1, 3), done.stderr
    assert "internal error" not in done.stderr
    assert int(done.stderr.splitlines()[-1]) < MOST_MB
    assert len(done.stdout) + sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000_000


def test_what_was_cut_is_said_and_no_pass(server: Server, database: str) -> None:
    url = named(server, database)
    with psycopg.connect(url) as owner:
        owner.execute(f"ALTER TABLE agents ALTER name SET DEFAULT '{'x' * 200_000}'".encode())
        owner.execute(f"ALTER TABLE goals ALTER status SET DEFAULT 'pending' || left('{'x' * 200_000}', 0)".encode())
    outcomes = {o.requirement.id: o for o in check(url, schema="public").outcomes}
    cut = next(o for id_, o in outcomes.items() if id_.endswith("/goals.status/default"))
    assert cut.verdict in ("fail", "indeterminate")
    assert "longer than 100,000 characters" in cut.note


def test_a_catalog_that_is_too_large(server: Server, database: str) -> None:
    url = named(server, database)
    with psycopg.connect(url) as owner:
        owner.execute(
            f"CREATE FUNCTION long() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END --{'x' * 100_000}'".encode()
        )
        for number in range(180):
            owner.execute(
                f"CREATE TRIGGER t{number} BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION long()".encode()
            )
    with pytest.raises(CannotEvaluate, match="larger than 16 MB, which is not read") as caught:
        check(url, schema="public")
    assert caught.value.exit_code == 3


def test_an_expression_that_is_nested_too_deeply(server: Server, database: str) -> None:
    """Nobody can print it, the server neither."""
    url = named(server, database)
    with psycopg.connect(url) as owner:
        owner.execute("ALTER TABLE agents ADD CHECK (" + "coalesce(" * 4000 + "true" + ", true)" * 4000 + ")")
    with pytest.raises(CannotEvaluate, match="nested too deeply for the server to print") as caught:
        check(url, schema="public")
    assert caught.value.exit_code == 3
