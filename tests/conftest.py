"""What all tests share: one throw-away server for the whole run."""

from collections.abc import Iterator

import pytest

from conformance.sandbox import Server, sandbox


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """An embedded PostgreSQL; each test creates the databases that it needs."""
    with sandbox() as running:
        yield running
