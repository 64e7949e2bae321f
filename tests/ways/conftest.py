"""A filled database that is reached in different ways, by a role that may read it and no more."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from running import READER, astra_on

from conformance.sandbox import Server


@pytest.fixture(scope="session")
def astra(server: Server) -> Iterator[str]:
    """The URL, for a superuser, of a database with our migrations and the small clean world; `READER` may read it."""
    with astra_on(server) as url:
        yield url


@pytest.fixture(scope="session")
def direct(astra: str) -> str:
    """The URL of the same for `READER`, with nothing in between."""
    return astra.replace("//postgres@", f"//{READER}@")


@pytest.fixture(scope="session")
def socket_folder(server: Server) -> str:
    """Where the server's socket is."""
    return parse_qs(urlsplit(server.url).query)["host"][0]
