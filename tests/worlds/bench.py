"""A database that takes any world, however broken, for the length of one look."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import psycopg
from judged import conforming, named

from conformance.sandbox import Server
from conformance.world import Types, World, column_types, insert

_OPEN = """
DO $$
DECLARE
    line text;
    kept text[] := %s;
BEGIN
    FOR line IN
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname)
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE pg_constraint.connamespace = 'public'::regnamespace AND relkind = 'r'
          AND contype IN ('f', 'c', 'p', 'u') AND NOT contype::text = ANY (kept)
        ORDER BY contype = 'f' DESC
    LOOP
        EXECUTE line;
    END LOOP;
    FOR line IN
        SELECT format('ALTER TABLE %%s ALTER %%I DROP DEFAULT', attrelid::regclass, attname)
            || CASE WHEN attnotnull AND NOT EXISTS (
                   SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND attnum = ANY (indkey)
               ) THEN format(', ALTER %%I DROP NOT NULL', attname) ELSE '' END
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    LOOP
        EXECUTE line;
    END LOOP;
END
$$
"""


def read(connection: psycopg.Connection[Any], types: Types | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of a database as a world. NULL in a jsonb column is left out, so that None is JSON's null there."""
    world = {}
    for table, columns in (column_types(connection) if types is None else types).items():
        nulls = "".join(
            f" - CASE WHEN {name} IS NULL THEN '{name}' ELSE '' END"
            for name, kind in columns.items()
            if kind == "jsonb"
        )
        rows = connection.execute(f"SELECT to_jsonb(t){nulls} FROM {table} AS t".encode())
        world[table] = [row for (row,) in rows]
    return world


class WorldBench:
    """A connection to a database with our migrations, without what would refuse a row or fill in a value.

    With `keys`, primary keys and unique constraints are left: there a world must keep them.
    """

    def __init__(
        self, server: Server, profile: str = "documented", through: str = "0028", *, keys: bool = False
    ) -> None:
        name = f"{'keyed' if keys else 'open'}_{profile}_{through}"
        with psycopg.connect(server.url, autocommit=True) as admin:
            there = admin.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if there is None:
            server.create_database(name, template=conforming(server, profile, through))
            with psycopg.connect(named(server, name), autocommit=True) as fresh:
                fresh.execute((_OPEN % ("'{p,u}'" if keys else "'{}'")).encode())
        self.profile, self.through, self.url = profile, through, named(server, name)
        self.connection: psycopg.Connection[Any] = psycopg.connect(self.url, autocommit=True, prepare_threshold=None)
        self.types = column_types(self.connection)

    @contextmanager
    def holding(self, world: World) -> Iterator[psycopg.Connection[Any]]:
        """The connection, in a transaction in which the world is there; afterwards nothing is."""
        with self.connection.transaction(force_rollback=True):
            with self.connection.pipeline():
                self.connection.execute("SET LOCAL session_replication_role = replica")
                insert(self.connection, world, types=self.types)
            self.connection.execute("SET LOCAL session_replication_role = origin")
            yield self.connection

    def __enter__(self) -> "WorldBench":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
