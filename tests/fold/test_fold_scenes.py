"""What a server refuses is never passed over in silence, and what it accepts is understood, and builds the same."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from folds import differences, introspected
from scenes import TABLES, read, run, scenes

from conformance.fold.catalog import catalog
from conformance.sandbox import Server

REFUSED = scenes("refused.sql")
ACCEPTED = scenes("accepted.sql")


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    yield server.create_database("scenes")
    server.drop_database("scenes")


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as found:
        yield found


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_server_refuses_is_doubted(name: str, connection: psycopg.Connection) -> None:
    assert run(connection, REFUSED[name]) != ""
    assert any(doubt.touches is None for doubt in read(REFUSED[name]).doubts)


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_server_accepts_is_understood(name: str, url: str, connection: psycopg.Connection) -> None:
    assert run(connection, ACCEPTED[name]) == ""
    result = read(ACCEPTED[name])
    assert [(doubt.statement.text, doubt.why) for doubt in result.doubts] == []
    assert differences(catalog(result.schema, TABLES), introspected(url, TABLES)) == []
