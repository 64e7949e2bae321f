"""Measures how long it takes to decide whether a graph in a table is acyclic, beside a COPY of it to nowhere."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from conformance.sandbox import sandbox

SEED = "astra"
_NODE = f"md5('{SEED}:' || ({{}})::text)::uuid"
# Two pseudo-random numbers of 28 bits for edge `i`.
_DRAW = f"('x' || substr(md5('{SEED}/' || i::text), {{}}, 7))::bit(28)::int"
_X, _Y = _DRAW.format(1), _DRAW.format(8)

GRAPH = 20
CHAIN = 100_000
FAN = 1_000

# For edge number `i` of `edges`: the numbers of the nodes at its ends, dependent and dependency.
_TWENTIES = (f"i / 30 * {GRAPH} + 1 + {_X} % {GRAPH - 1}", f"i / 30 * {GRAPH} + {_Y} % (1 + {_X} % {GRAPH - 1})")
SHAPES: dict[str, Callable[[int], tuple[str, str]]] = {
    "twenties": lambda edges: _TWENTIES,
    "one": lambda edges: (
        f"CASE WHEN i < {edges * 3 // 4} THEN {_TWENTIES[0]} ELSE {edges * 9} + 1 + {_X} % {edges // 10} END",
        f"CASE WHEN i < {edges * 3 // 4} THEN {_TWENTIES[1]} ELSE {edges * 9} + {_Y} % (1 + {_X} % {edges // 10}) END",
    ),
    "diamonds": lambda edges: (
        f"i / {CHAIN} * {CHAIN} + (i % {CHAIN}) / 4 * 3 + (ARRAY[0, 0, 1, 2])[i % 4 + 1]",
        f"i / {CHAIN} * {CHAIN} + (i % {CHAIN}) / 4 * 3 + (ARRAY[1, 2, 3, 3])[i % 4 + 1]",
    ),
    "chains": lambda edges: (
        f"i / {CHAIN} * {CHAIN * 2} + i % {CHAIN}",
        f"i / {CHAIN} * {CHAIN * 2} + i % {CHAIN} + 1",
    ),
    "fans": lambda edges: (
        f"i / {FAN} * {FAN * 2} + CASE WHEN i / {FAN} % 2 = 0 THEN 0 ELSE 1 + i % {FAN} END",
        f"i / {FAN} * {FAN * 2} + CASE WHEN i / {FAN} % 2 = 0 THEN 1 + i % {FAN} ELSE 0 END",
    ),
}


def planted(shape: str, edges: int) -> tuple[int, int]:
    """The ends of an edge that closes a cycle, in the last graph of its kind."""
    if shape == "one":  # from the node that all lead to, to the last: the component is as large as can be
        return edges * 9, edges * 9 + edges // 10 - 1
    if shape == "chains":
        last = (edges - 1) // CHAIN * CHAIN * 2
        return last + min(CHAIN, edges) // 2, last + min(CHAIN, edges) // 2 - 1000
    if shape == "diamonds":
        last = (edges - 1) // CHAIN * CHAIN
        return last + 3000, last
    if shape == "fans":
        last = (edges // FAN - 2) // 2 * 2 * FAN * 2
        return last + 1, last
    return -1, -1  # of the twenties an edge is turned round, as not every pair of nodes is joined


def fill(url: str, shape: str, edges: int, *, cycle: bool) -> None:
    """A table `edges` (task_id, depends_on), in the order in which a platform would write it, by two sessions."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS edges")
        connection.execute("CREATE UNLOGGED TABLE edges (task_id uuid NOT NULL, depends_on uuid NOT NULL)")
        source, target = (_NODE.format(end) for end in SHAPES[shape](edges))

        def part(first: int, last: int) -> None:
            with psycopg.connect(url, autocommit=True) as own:
                own.execute(
                    f"INSERT INTO edges SELECT {source}, {target} FROM generate_series({first}, {last}) AS i".encode()
                )

        halves = [threading.Thread(target=part, args=p) for p in ((0, edges // 2 - 1), (edges // 2, edges - 1))]
        for half in halves:
            half.start()
        for half in halves:
            half.join()
        if cycle:
            plant(connection, shape, edges)
        connection.execute("VACUUM (FREEZE, ANALYZE) edges")


def plant(connection: psycopg.Connection[Any], shape: str, edges: int) -> None:
    tail, head = planted(shape, edges)
    if shape == "twenties":
        text = "INSERT INTO edges SELECT depends_on, task_id FROM edges OFFSET %s LIMIT 1"
        connection.execute(text, (edges - 1,))
    else:
        connection.execute(f"INSERT INTO edges SELECT {_NODE.format(tail)}, {_NODE.format(head)}".encode())


OWN = """
import json, sys, time
import psycopg
from pathlib import Path
from conformance.model.cycle import EdgeSource
from conformance.sources.edges import acyclic
from conformance.graph import decide
how = json.loads(sys.argv[2])
if how.get("plain"):
    decide.vectorised = lambda: False
else:
    from conformance.graph import sift

def memory(field):
    return int(next(l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith(field)).split()[1])

before = memory("VmRSS")
began = time.perf_counter()
open_ = lambda: psycopg.connect(sys.argv[1], autocommit=True)
with open_() as connection:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    connection.execute("SET LOCAL search_path = ''; SET LOCAL jit = off")
    found = acyclic(
        connection, EdgeSource(schema="public", table="edges", source="task_id", target="depends_on"),
        second=open_ if how.get("two") else None, low_memory=bool(how.get("low")),
    )
    connection.execute("ROLLBACK")
seconds = time.perf_counter() - began
print(json.dumps({
    "seconds": seconds, "mib": (memory("VmHWM") - before) / 1024, "edges": found.edges, "shortest": found.shortest,
    "length": len(found.cycle or ()), "cyclic": found.cyclic_edges, "way": found.way,
}))
"""
WAYS: dict[str, dict[str, bool]] = {
    "two": {"two": True},
    "one": {},
    "low": {"two": True, "low": True},
    "plain": {"two": True, "plain": True},
}

RECURSIVE = """
WITH RECURSIVE walk(a, b) AS (
  SELECT task_id, depends_on FROM edges
  UNION ALL
  SELECT w.a, e.depends_on FROM walk AS w JOIN edges AS e ON e.task_id = w.b WHERE NOT w.a = w.b
) CYCLE b SET looped USING path
SELECT count(*) FROM walk WHERE looped
"""
NETWORKX = """
import sys, time
import networkx, psycopg
began = time.perf_counter()
graph = networkx.DiGraph()
with psycopg.connect(sys.argv[1]) as connection, connection.cursor(name="c") as cursor:
    cursor.itersize = 100_000
    cursor.execute("SELECT task_id, depends_on FROM edges", binary=True)
    graph.add_edges_from(cursor)
networkx.is_directed_acyclic_graph(graph)
print(time.perf_counter() - began)
"""


def psql() -> Path:
    from measure import pg_dump

    return pg_dump().with_name("psql")


def floor(url: str) -> float:
    """The seconds of a COPY to nowhere."""
    copy = "COPY (SELECT task_id, depends_on FROM edges) TO STDOUT (FORMAT binary)"
    began = time.perf_counter()
    subprocess.run([str(psql()), "-q", "-c", copy, url], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def own(url: str, way: str) -> dict[str, Any]:
    command = [sys.executable, "-c", OWN, url, json.dumps(WAYS[way])]
    answer: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    return answer


def recursive(url: str, most: float) -> float | None:
    """The seconds of a recursive query over an indexed table, or None where it takes longer."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS edges_task_id ON edges (task_id)")
        connection.execute("SET temp_file_limit = '4GB'")
        connection.execute(f"SET statement_timeout = {int(most * 1000)}".encode())
        began = time.perf_counter()
        try:
            connection.execute(RECURSIVE)
        except (psycopg.errors.QueryCanceled, psycopg.errors.ConfigurationLimitExceeded):
            return None
        return time.perf_counter() - began


def networkx(url: str, most: float) -> float | None:
    command = [sys.executable, "-c", NETWORKX, url]
    try:
        return float(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, timeout=most).stdout)
    except subprocess.TimeoutExpired:
        return None


def measure(url: str, ways: Sequence[str], runs: int) -> list[str]:
    """A line for each way: the ratio to the floor, the memory, what was found."""
    floors: list[float] = []
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(runs):
        floors.append(floor(url))
        for way in ways:
            found[way].append(own(url, way))
    beside = statistics.median(floors)
    lines = []
    for way in ways:
        seconds = statistics.median(answer["seconds"] for answer in found[way])
        mib = max(answer["mib"] for answer in found[way])
        last = found[way][-1]
        cycle = f"cycle of {last['length']}, {last['cyclic']:,} cyclic edges" if last["length"] else "acyclic"
        proof = "" if last["shortest"] else ", not proven shortest"
        lines.append(f"{way} | {seconds / beside:.2f} | {mib:.0f} | {beside:.2f} s | {cycle}{proof} | {last['way']}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--shape", choices=SHAPES, action="append")
    parser.add_argument("--planted", action="store_true", help="with one edge that closes a cycle")
    parser.add_argument("--way", choices=WAYS, action="append")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--others", type=float, metavar="SECONDS", help="also a recursive query and networkx")
    arguments = parser.parse_args()
    with sandbox(kind="embedded") as server:
        url = server.create_database("acyclic")
        for shape in arguments.shape or SHAPES:
            fill(url, shape, arguments.edges, cycle=arguments.planted)
            for line in measure(url, arguments.way or ["two", "one", "low"], arguments.runs):
                print(f"| {arguments.edges:,} | {shape}{', planted' * arguments.planted} | {line} |", flush=True)  # noqa: T201
            if arguments.others:
                for name, other in (("recursive", recursive), ("networkx", networkx)):
                    took = other(url, arguments.others)
                    said = f"not within {arguments.others:.0f} s" if took is None else f"{took:.2f} s"
                    print(f"| {arguments.edges:,} | {shape} | {name} | {said} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
