"""Stand-ins for extensions that a throw-away server lacks: what CREATE EXTENSION would have made, made by ourselves.

There is one for `uuid-ossp`, which migrations need for no more than a random UUID. What has none is not available, and
that is said by whoever runs the migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from conformance.model.sql import literal
from conformance.sources.sql_statements import pieces

VERSION = "stand-in"
_LACKING = re.compile(r'extension "([^"]+)" is not available|/([^/"]+)\.control"')
_FILES = {"uuid-ossp": "uuid_ossp.sql"}
_NAME = r'(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)'
_CREATES = re.compile(
    rf"create\s+extension\s+(?P<repeatable>if\s+not\s+exists\s+)?(?P<name>{_NAME})(?:\s+with)?"
    rf"(?:\s+schema\s+(?P<schema>{_NAME})|\s+version\s+\S+|\s+cascade)*\s*;?\s*\Z",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)


def lacking(message: str) -> str:
    """The extension that a server lacks, by its own words; "" where these are about something else."""
    found = _LACKING.search(message)
    return (found[1] or found[2]) if found else ""


def provided(connection: psycopg.Connection[Any], text: str) -> str:
    """The text of statements, in which a stand-in is made where an extension would be that the server lacks."""
    if "extension" not in text.lower() or not any(name in text for name in _FILES):
        return text
    return "".join(_provided(connection, text))


def _provided(connection: psycopg.Connection[Any], text: str) -> Iterator[str]:
    for piece in pieces(text):
        before = found[0] if (found := _BEFORE.match(piece.text)) else ""
        match = _CREATES.match(piece.text[len(before) :])
        name = _bare(match["name"]) if match is not None else ""
        if match is None or name not in _FILES or _available(connection, name):
            yield piece.text
            continue
        schema = literal(_bare(match["schema"])) if match["schema"] else "NULL"
        said = {"{schema}": schema, "{repeatable}": str(bool(match["repeatable"])), "{version}": VERSION}
        made = Path(__file__).with_name(_FILES[name]).read_text(encoding="utf-8")
        for word, value in said.items():
            made = made.replace(word, value)
        yield f"{before}{made};"


def stood_in(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """The extensions in a database that something of ours stands in for."""
    query = b"SELECT extname FROM pg_catalog.pg_extension WHERE extversion = %s ORDER BY 1"
    return tuple(name for (name,) in connection.execute(query, (VERSION,)).fetchall())


def _available(connection: psycopg.Connection[Any], name: str) -> bool:
    query = b"SELECT FROM pg_catalog.pg_available_extensions WHERE name = %s"
    return bool(connection.execute(query, (name,)).rowcount)


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
