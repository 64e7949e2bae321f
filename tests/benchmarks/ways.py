"""Measures `check` through pgbouncer, over TLS and on a standby, each beside a bare process by the same way, and how much
longer a look takes where a table has 5,000 partitions."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from measure import FLOOR, Row, alternate, process

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "ways"))

from encrypting import encrypting
from owning import Cluster, embedded_programs
from pooler import poolers
from running import READER, astra_on
from test_many_partitions import parted

from conformance.sandbox import Server, sandbox

SCRIPT = str(Path(sys.executable).with_name("conformance"))


def ways(stack: ExitStack, server: Server) -> Iterator[tuple[str, str]]:
    """Each way to the filled database, and its URL."""
    folder = parse_qs(urlsplit(server.url).query)["host"][0]
    direct = stack.enter_context(astra_on(server)).replace("//postgres@", f"//{READER}@")
    yield "its socket", direct
    pooler = stack.enter_context(poolers(folder))(pool_mode="transaction")
    yield "pgbouncer in transaction mode", pooler.url
    tls = stack.enter_context(encrypting())
    yield "TLS, verify-full", tls.url(f"sslmode=verify-full&{tls.root()}")
    standby = Cluster(stack, embedded_programs(stack)).copied_from(folder)
    standby.start()
    yield "a hot standby", standby.url.replace("//postgres@/postgres?", f"//{READER}@/astra?")


def beside_a_bare_process(stack: ExitStack, server: Server, runs: int) -> Iterator[Row]:
    for name, url in ways(stack, server):
        bare, own = alternate(runs, process(sys.executable, "-c", FLOOR, url), process(SCRIPT, "check", url))
        yield f"check by {name}, whole process", own / bare, "≤ 1.3", f"floor {bare * 1000:.0f} ms"


def beside_few_partitions(server: Server, count: int) -> Iterator[Row]:
    urls = []
    with psycopg.connect(server.url, autocommit=True) as admin:  # what a pooler keeps open stands in a copy's way
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'astra'")
    for name, partitions in (("few", 3), ("many", count)):
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE astra".encode())
        url = urlsplit(server.url)._replace(path=f"/{name}").geturl()
        parted(url, partitions)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
        urls.append(url)
    for command, bar in (("check", "≤ 3"), ("audit", "≤ 12")):
        few, many = alternate(3, *(process(SCRIPT, command, url) for url in urls))
        yield f"{command} among {count:,} partitions of events", many / few, bar, f"{few:.2f} s among 3"
    for name in ("few", "many"):
        server.drop_database(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partitions", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=21)
    given = parser.parse_args()
    with sandbox(kind="embedded") as server, ExitStack() as stack:
        rows = list(beside_a_bare_process(stack, server, given.runs))
        if given.partitions:
            rows += beside_few_partitions(server, given.partitions)
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, a load of {load:.0f} at the end\n"
    )
    sys.stdout.writelines(f"| {what} | {ratio:.2f} | {bar} | {note} |\n" for what, ratio, bar, note in rows)


if __name__ == "__main__":
    main()
