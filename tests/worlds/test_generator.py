"""The generator of large data: what it makes is clean, in every shape, and a planted defect is just that one."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from judged import conforming, looked, named
from judged import contract as contract_of
from worlds.bench import read
from worlds.living import columns

from conformance.sandbox import Server
from conformance.violations import violations
from conformance.violations.graphs import shortest_cycle_length, task_edges
from conformance.world import column_types

DATASETS = Path(__file__).parents[2] / "fixtures" / "datasets"
sys.path.insert(0, str(DATASETS))

import generate  # noqa: E402
from defects import PLANTABLE, defect  # noqa: E402
from platform_rows import Size  # noqa: E402
from shapes import SHAPES, segments  # noqa: E402

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SMALL = Size(agents=60, goals=60, tasks=620, edges=600, approvals=60)
# What a defect brings with it.
FOLLOWS = {
    "0002/task_dependencies/no-self-dependency": {"0002/task_dependencies/acyclic"},
    "0026/goals.depends_on_goal_ids/no-self-dependency": {"0026/goals.depends_on_goal_ids/acyclic"},
}


def violated(connection: psycopg.Connection[Any], profile: str, through: str) -> dict[str, set[Any]]:
    """What the oracle finds in a database."""
    connection.execute("SET LOCAL timezone = 'UTC'")
    judged = violations(read(connection), profile, through, NOW, columns(profile, through))
    return {id_: witnesses for id_, witnesses in judged.items() if witnesses}


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The name of a database with our migrations, for this test alone."""
    name = f"generated_{uuid4().hex}"
    server.create_database(name, template=conforming(server))
    yield name
    server.drop_database(name)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_made_is_clean(server: Server, empty: str, shape: str) -> None:
    url = named(server, empty)
    done = subprocess.run(
        [
            sys.executable,
            DATASETS / "generate.py",
            url,
            "--agents",
            "1000",
            "--tasks",
            "10000",
            "--edges",
            "10000",
            "--shape",
            shape,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stdout
    assert re.search(r"tasks: 10000 rows", done.stderr)
    with psycopg.connect(url) as connection:
        assert violated(connection, "documented", "0028") == {}
        (edges,) = connection.execute("SELECT count(*) FROM task_dependencies").fetchone() or (0,)
        assert 9_900 <= edges <= 10_000
        states = {s for (s,) in connection.execute("SELECT DISTINCT status FROM tasks")}
        assert {"created", "pending", "completed"} < states
    assert {o.requirement.id for o in looked(url, contract_of()) if o.verdict == "fail"} == set(), (
        "indexes and keys are back"
    )


@pytest.mark.parametrize(("profile", "through"), [("reference", "0028"), ("reference", "0022"), ("documented", "0012")])
def test_it_takes_every_history(server: Server, profile: str, through: str) -> None:
    name = f"generated_{profile}_{through}"
    url = server.create_database(name, template=conforming(server, profile, through))
    counts = generate.generate(url, SMALL, "graphs", 3)
    with psycopg.connect(url) as connection:
        assert violated(connection, profile, through) == {}
        for table, count in counts.items():
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (count,)
    server.drop_database(name)


def test_the_same_seed_gives_the_same_rows(server: Server) -> None:
    seen = []
    for n, seed in enumerate((5, 5, 6)):
        url = server.create_database(f"generated_again_{n}", template=conforming(server))
        generate.generate(url, SMALL, "diamonds", seed)
        with psycopg.connect(url) as connection:
            tables = ("tasks", "task_dependencies", "agents", "approval_requests", "goals")
            ids = [
                connection.execute(
                    f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (SELECT to_jsonb(x) - '{{created_at,updated_at,requested_at}}'::text[] AS t FROM {t} AS x) AS x".encode()
                ).fetchone()
                for t in tables
            ]
        seen.append(ids)
        server.drop_database(f"generated_again_{n}")
    assert seen[0] == seen[1]
    assert all(a != b for a, b in zip(seen[1], seen[2], strict=True))


@pytest.mark.parametrize("shape", SHAPES)
def test_each_plant_is_just_that_defect(server: Server, empty: str, shape: str) -> None:
    url = named(server, empty)
    generate.generate(url, SMALL, shape, 7)
    with psycopg.connect(url) as connection:
        types = column_types(connection)
        connection.commit()
        # The shape is the graph's: what has nothing to do with it is planted in one of them.
        for id_ in PLANTABLE if shape == "graphs" else [i for i in PLANTABLE if "task" in i]:
            statement = defect(id_, types, SMALL, segments(shape, SMALL.tasks, SMALL.edges), 7)
            assert statement, id_
            connection.execute("SET LOCAL session_replication_role = replica")
            assert connection.execute(statement.encode()).rowcount == 1, id_
            found = violated(connection, "documented", "0028")
            assert set(found) == {id_, *FOLLOWS.get(id_, ())}
            assert {len(witnesses) for witnesses in found.values()} == {1}, found
            connection.rollback()


def test_a_cycle_is_as_long_as_its_shape_lets_it(server: Server) -> None:
    lengths = {}
    for shape in SHAPES:
        name = f"generated_cycle_{shape}"
        url = server.create_database(name, template=conforming(server))
        generate.generate(url, SMALL, shape, 7, ["0002/task_dependencies/acyclic"])
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT task_id::text, depends_on::text FROM task_dependencies").fetchall()
        lengths[shape] = shortest_cycle_length(
            task_edges({"task_dependencies": [{"task_id": a, "depends_on": b} for a, b in rows]})
        )
        server.drop_database(name)
    assert lengths["chains"] == 151  # 600 edges in four chains
    assert lengths["fans"] == 2
    assert all(length and length > 3 for shape, length in lengths.items() if shape != "fans"), lengths


def test_it_says_why_it_will_not(server: Server, empty: str) -> None:
    url = named(server, empty)
    generate.generate(url, SMALL, "fans", 7)
    for arguments, words in (
        ([], "has rows already"),
        (["--plant", "no/such"], "invalid choice"),
        (["--tasks", "5"], "at least 12 agents"),
    ):
        done = subprocess.run(
            [sys.executable, DATASETS / "generate.py", url, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode
        assert words in done.stderr
        assert "Traceback" not in done.stderr
