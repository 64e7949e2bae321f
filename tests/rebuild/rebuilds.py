"""A database's schema rebuilt on the server of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from judged import contract, named

from conformance.model.catalog import Catalog
from conformance.model.leftover import Leftover
from conformance.options import Options
from conformance.rebuilding import Rebuilding, rebuilding_of
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.particulars import particulars
from conformance.sources.url import parse


@contextmanager
def rebuilt(server: Server, source: str, schema: str | None = None) -> Iterator[tuple[str, tuple[Leftover, ...]]]:
    """The URL of the database in which it stands, and what was left out of it."""
    yield from _rebuilt(server, rebuilding_of(source, Options(schema=schema), contract()))


@contextmanager
def rebuilt_from(server: Server, catalog: Catalog, source: str) -> Iterator[tuple[str, tuple[Leftover, ...]]]:
    """The same of a catalog that somebody made, said to be of the database `source`."""
    with Session(parse(source), origin="a test") as session:
        session.catalog(())
        target = session.target()
    yield from _rebuilt(server, Rebuilding(catalog, target, contract()))


def _rebuilt(server: Server, rebuilding: Rebuilding) -> Iterator[tuple[str, tuple[Leftover, ...]]]:
    name = f"rebuilt_{uuid4().hex}"
    url = server.create_database(name)
    try:
        rebuilding.schema.build(url, True)
        with Session(parse(url), origin="a test") as session:
            catalog = particulars(session, session.catalog(contract().tables()))
        yield url, rebuilding.left_of(catalog)
    finally:
        server.drop_database(name)


def catalog_of(url: str) -> Catalog:
    """The catalog of a database."""
    with Session(parse(url), origin="a test") as session:
        return particulars(session, session.catalog(contract().tables()))


def run(server: Server, database: str, sql: str) -> str:
    """The URL of the database, in which the script has run."""
    url = named(server, database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())
    return url
