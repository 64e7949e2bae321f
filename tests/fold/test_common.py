"""What migrations often do is understood, all of it, and a server builds the same."""

from __future__ import annotations

from pathlib import Path

import psycopg
from folds import differences, introspected, statements

from conformance.fold.catalog import catalog
from conformance.fold.folding import fold
from conformance.fold.schema import Schema
from conformance.sandbox import Server

TABLES = (
    "agents",
    "goals",
    "audit_log",
    "staging",
    "picked",
    "tickets",
    "bookings",
    "reservations",
    "counted",
    "counted_too",
    "audited",
    "pairs",
    "priced",
)
TEXT = (Path(__file__).parent / "common.sql").read_text(encoding="utf-8")


def test_what_is_common_is_understood(server: Server) -> None:
    written = statements(TEXT)
    result = fold(written, TABLES, Schema())
    assert [(doubt.statement.line, doubt.why) for doubt in result.doubts] == []
    url = server.create_database("common")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in written:
            connection.execute(statement.text.encode())
    try:
        assert differences(catalog(result.schema, TABLES), introspected(url, TABLES)) == []
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("REASSIGN OWNED BY app TO CURRENT_USER; DROP OWNED BY app; DROP ROLE app")
        server.drop_database("common")
