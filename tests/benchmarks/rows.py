"""Measures what the state plane costs, as ratios to floors taken in the same run, on rows of `fixtures/datasets`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psycopg
from measure import alternate, pg_dump

from conformance import state
from conformance.fixtures_of import build
from conformance.judge import judge
from conformance.model.contract import Contract
from conformance.model.look import Graph, Rows
from conformance.model.looking import Asked, Looking
from conformance.model.reading import Reading
from conformance.run import Options, load_contract
from conformance.sandbox import sandbox
from conformance.sources import rows_sql
from conformance.sources.decode import decode
from conformance.sources.opening import catalog_statement
from conformance.sources.rows import Looker

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "datasets"))
from generate import Size, generate

_BEGIN = """
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL search_path = '';
SET LOCAL jit = off;
SET LOCAL timezone = 'UTC'
"""
# The JSON unnested once, and distinct approvers counted: what no answer can do without.
_UNNESTED = """
SELECT pg_catalog.count(*), pg_catalog.sum(b.approvers) FROM public.approval_requests AS t
LEFT JOIN LATERAL (
    SELECT pg_catalog.count(DISTINCT e.vote ->> 'user_id') FILTER (WHERE e.vote ->> 'decision' = 'approved') AS approvers
    FROM pg_catalog.jsonb_array_elements(t.approvals) AS e (vote)
) AS b ON true
"""
Row = tuple[str, float, str, str]


class Audit:
    """The looks of a database, and a connection to take them over."""

    def __init__(self, url: str, profile: str = "documented") -> None:
        self.url, self.contract = url, load_contract(Options(profile=profile))
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        self.connection.execute(_BEGIN, prepare=False)
        values = {"names": list(self.contract.tables()), "path": ["public"]}
        row = self.connection.execute(catalog_statement(), values).fetchone()
        assert row is not None
        self.reading = Reading(catalog=decode(row[0], ("public",)))
        structure = {o.requirement.id: o for o in judge(self.contract.requirements, self.reading.catalog, "0028")}
        self.claims = state.claims(self.contract)
        self.plan = state.plan(self.claims, self.reading, structure, Looking(), "0028")

    def asked(self, table: str, *, joins: bool = True) -> list[Asked]:
        """The looks at the rows of one table; without `joins` those at single rows alone."""
        return [
            one
            for one in self.plan.asked
            if isinstance(one.look, Rows) and one.look.table.name == table and (joins or not one.look.joins)
        ]

    def take(self, asked: Sequence[Asked]) -> Callable[[], object]:
        """Takes looks as the audit does. A departure in the rows would cost a second look: there is none."""

        def job() -> None:
            seen = Looker(self.connection, Looking()).take(asked)
            assert all(getattr(one, "violations", None) == 0 for one in seen.values()), seen

        return job

    def singly(self, asked: Sequence[Asked]) -> Callable[[], object]:
        """A statement for each look."""
        statements = [rows_sql.counts([one.look], None) for one in asked if isinstance(one.look, Rows)]
        return lambda: [self.connection.execute(text.encode()).fetchone() for text in statements]

    def statement(self, text: str) -> Callable[[], object]:
        """One statement."""
        return lambda: self.connection.execute(text.encode()).fetchone()


def copies(contract: Contract, url: str) -> list[str]:
    """A COPY to nowhere for each table, of the columns that the audit needs."""
    needed: dict[str, dict[str, None]] = {}
    for claim in state.claims(contract):
        if claim.requirement.alive("0028"):
            for table, columns in claim.invariant.needs.items():
                needed.setdefault(table, {}).update(dict.fromkeys(columns))
    return [
        f"COPY (SELECT {', '.join(columns)} FROM public.{table}) TO STDOUT (FORMAT binary)"
        for table, columns in needed.items()
        if columns
    ]


def copied(url: str, statements: Sequence[str]) -> Callable[[], object]:
    """psql runs the COPYs, and what they give is thrown away."""
    psql = pg_dump().with_name("psql")
    command = [str(psql), "-X", "-q", url, *(part for text in statements for part in ("-c", text))]
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def audited(url: str) -> Callable[[], object]:
    """The whole audit, as a process."""
    command = [str(Path(sys.executable).with_name("conformance")), "audit", url, "--quiet", "--format", "json"]

    def job() -> None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, done.returncode

    return job


def tables(url: str, size: Size, runs: int) -> list[Row]:
    """What is asked of one table, beside floors."""
    audit = Audit(url)
    votes = audit.asked("approval_requests")
    votes = [one for one in votes if any(join.alias == "ballot" for join in one.look.joins)]  # type: ignore[union-attr]
    own, floor = alternate(runs, audit.take(votes), audit.statement(_UNNESTED))
    rows: list[Row] = [
        (f"{len(votes)} claims on the votes of {size.approvals:,} requests", own / floor, "≤ 1.5", f"{floor:.2f} s")
    ]
    for table in ("tasks", "agents", "goals"):
        scalar = audit.asked(table, joins=False)
        own, floor = alternate(runs, audit.take(scalar), audit.singly(scalar))
        rows.append((f"{len(scalar)} scalar claims on {table} in one scan", own / floor, "≤ 0.65", f"{floor:.2f} s"))
    return rows


def whole(url: str, size: Size, runs: int) -> tuple[Row, float]:
    """The whole audit beside COPYs of the columns that it reads."""
    contract = load_contract(Options())
    own, floor = alternate(runs, audited(url), copied(url, copies(contract, url)))
    what = f"the whole audit, {size.agents:,} agents, {size.tasks:,} tasks and edges, {size.approvals:,} requests"
    return (what, own / floor, "≤ 2", f"COPY {floor:.1f} s"), own


def joined(url: str, runs: int) -> Row:
    """What no audit can do without: the rows beside those that they refer to, and the graphs; nothing else is asked."""
    audit = Audit(url)
    asked = [one for one in audit.plan.asked if one.id.endswith("/no-orphan") or isinstance(one.look, Graph)]
    second = partial(psycopg.connect, url, autocommit=True)
    looker = Looker(audit.connection, Looking(), second=second)
    own, floor = alternate(runs, lambda: looker.take(asked), copied(url, copies(audit.contract, url)))
    return f"{len(asked)} claims on orphans and cycles alone", own / floor, "none", f"COPY {floor:.1f} s"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, action="append", help="sizes, in tasks; may be repeated")
    parser.add_argument("--shape", default="graphs")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with sandbox(kind="embedded") as server:
        for tasks in given.tasks or [100_000, 1_000_000]:
            size = Size(
                agents=tasks // 10,
                goals=tasks // 10,
                tasks=tasks,
                edges=tasks,
                approvals=max(tasks // 10, min(tasks, 1_000_000)),
            )
            url = build(server, f"rows_{tasks}", "documented", "0028")
            generate(url, size, given.shape, 7, ())
            row, seconds = whole(url, size, given.runs)
            found = [row, joined(url, given.runs), *(tables(url, size, given.runs) if tasks <= 1_000_000 else [])]
            for what, ratio, bar, note in found:
                _say(f"| {what} | {ratio:.2f} | {bar} | {note} |")
            _say(f"| the same, in seconds a million tasks | {seconds * 1e6 / tasks:.2f} | | |")
            server.drop_database(f"rows_{tasks}")


if __name__ == "__main__":
    main()
