"""Worlds on real servers, each for one test alone."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from filled import as_role, own_world

from conformance.sandbox import Server


@pytest.fixture
def world(server: Server) -> Iterator[str]:
    """The URL, for a superuser, of a database with the small clean world."""
    with own_world(server) as url:
        yield url


@pytest.fixture
def role(server: Server, world: str) -> Iterator[Callable[..., str]]:
    """Makes a role that may only connect, or what its options say; gives the URL of the world for it."""
    made: list[str] = []
    with psycopg.connect(world, autocommit=True) as admin:

        def make(options: str = "") -> str:
            name = f"role_{uuid4().hex[:12]}"
            admin.execute(f"CREATE ROLE {name} LOGIN {options}".encode())
            made.append(name)
            return as_role(world, name)

        yield make
        for name in made:
            admin.execute(f"REASSIGN OWNED BY {name} TO postgres".encode())
            admin.execute(f"DROP OWNED BY {name}".encode())
            admin.execute(f"DROP ROLE {name}".encode())
