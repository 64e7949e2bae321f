"""A filled database that is reached in different ways, by a role that may read it and no more."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from judged import conforming, named
from running import READER, SECRET

from conformance.fixtures_of import fill
from conformance.sandbox import Server


@pytest.fixture(scope="session")
def astra(server: Server) -> Iterator[str]:
    """The URL, for a superuser, of a database with our migrations and the small clean world; `READER` may read it."""
    url = server.create_database("astra", template=conforming(server))
    fill(url, "0028")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{SECRET}'".encode())
        admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}".encode())
    yield url
    server.drop_database("astra")
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"DROP ROLE {READER}".encode())


@pytest.fixture(scope="session")
def direct(server: Server, astra: str) -> str:
    """The URL of the same for `READER`, with nothing in between."""
    return named(server, "astra").replace("//postgres@", f"//{READER}@")


@pytest.fixture(scope="session")
def socket_folder(server: Server) -> str:
    """Where the server's socket is."""
    return parse_qs(urlsplit(server.url).query)["host"][0]
