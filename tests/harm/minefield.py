"""A server of our own whose log is read, and on it a database that is full of traps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent / "state"))

from filled import as_role, own_world
from traps import BAIT, TRAPS

from conformance.sandbox import Server, sandbox


@dataclass
class Minefield:
    """The database, and what was sprung in it."""

    url: str
    log: Path
    server: Server
    roles: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """The names of the traps that are sprung meanwhile."""
        found: list[str] = []
        at = self.log.stat().st_size
        yield found
        with self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(at)
            found += [line.partition("sprung: ")[2].partition("!")[0] for line in log if "LOG:  sprung: " in line]


@contextmanager
def laid() -> Iterator[Minefield]:
    """The database with all traps, as long as the context lives."""
    with sandbox() as server, own_world(server) as url:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("SET client_min_messages = error")
            admin.execute("CREATE ROLE visitor LOGIN")
            admin.execute(BAIT.encode())
            for trap in TRAPS.values():
                admin.execute(trap.lay.encode())
            admin.execute("GRANT USAGE ON SCHEMA public TO visitor")
            admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor")
            admin.execute(
                "DO $$ DECLARE f text; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND prokind = 'f' LOOP EXECUTE 'ALTER FUNCTION ' || f || ' OWNER TO mallory'; END LOOP; END $$"
            )
            [(folder,)] = admin.execute("SHOW data_directory").fetchall()
        log = Path(folder).parent / "log"
        yield Minefield(url, log, server, {"a superuser": url, "an ordinary role": as_role(url, "visitor")})
