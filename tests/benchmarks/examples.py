"""How many examples a second `prove` tries, drawing and all, beside the floor of the same round trips with nothing around
them, and what a fresh database for each would cost.

.venv/bin/python tests/benchmarks/examples.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import psycopg

from conformance.fixtures_of import build
from conformance.model.report import Report
from conformance.proving import prove
from conformance.sandbox import Server, sandbox

SINGLE = tuple(f"*/agents.*/{claim}" for claim in ("not-null", "one-of", "type", "default", "unique", "primary-key"))
"""The claims on one table that one statement decides: a row that goes in or is refused."""
FEW, MANY = 1, 100
COPIES = 10
BARE = 2000


def timed(server: Server, examples: int, select: Sequence[str]) -> tuple[int, float, float]:
    """How many examples a run tried, its seconds, and those of our own process's work."""
    began, worked = time.perf_counter(), time.process_time()
    report: Report = prove(server=server.url, examples=examples, select=tuple(select))
    tried = sum(int(str(outcome.evidence.get("examined", 0))) for outcome in report.outcomes)
    return tried, time.perf_counter() - began, time.process_time() - worked


def rate(server: Server) -> tuple[int, float, float]:
    """The examples and seconds that a run with many has beyond one with few, which have the same beginning and end."""
    few, short, light = timed(server, FEW, SINGLE)
    many, long, heavy = timed(server, MANY, SINGLE)
    return many - few, long - short, heavy - light


def bare(server: Server) -> float:
    """The seconds of an example at the least: a row put in and taken back, in the round trips that an example takes."""
    url = build(server, "floor", "documented", "0028")
    row = b"INSERT INTO agents (name) VALUES ('x'); SET CONSTRAINTS ALL IMMEDIATE"
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        began = time.perf_counter()
        for _ in range(BARE):
            for statement in (b"BEGIN; SET CONSTRAINTS ALL IMMEDIATE", row, b"ROLLBACK"):
                connection.execute(statement)
        return (time.perf_counter() - began) / BARE


def copied(server: Server) -> float:
    """The seconds of a database from a template, made and dropped."""
    build(server, "original", "documented", "0028")
    began = time.perf_counter()
    for _ in range(COPIES):
        server.create_database("copy", template="original")
        server.drop_database("copy")
    return (time.perf_counter() - began) / COPIES


def main() -> None:
    with sandbox() as server:
        examples, seconds, worked = rate(server)
        floor = bare(server)
        copy = copied(server)
    sys.stdout.write(
        f"{examples} examples in {seconds:.1f} s: {examples / seconds:.0f} a second, each rolled back;"
        f" {examples / worked:.0f} a second of our own process's work\n"
        f"the same round trips with nothing around them: {1 / floor:.0f} a second, {seconds / examples / floor:.1f} times"
        f" as many\n"
        f"a database from a template for each: {1 / copy:.0f} a second\n"
    )


if __name__ == "__main__":
    main()
