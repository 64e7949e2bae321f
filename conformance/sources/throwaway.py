"""Filling a throw-away database of ours: the only statements of this project that write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg

from conformance.errors import CannotEvaluate
from conformance.sources.asking import first_line
from conformance.sources.stand_ins import provided, stood_in
from conformance.world import World, insert

_HAS_RANDOM_UUIDS = 130000


def apply(url: str, scripts: Sequence[Path], *, stand_ins: bool = False) -> tuple[str, ...]:
    """Run SQL scripts, each in a transaction of its own, on a throw-away database of ours; the extensions that
    something stands in for, where that is wanted and the server lacks them."""
    with psycopg.connect(url, autocommit=True) as connection:
        for script in scripts:
            try:
                with connection.transaction():
                    text = script.read_text(encoding="utf-8")
                    connection.execute((provided(connection, text) if stand_ins else text).encode())
            except psycopg.Error as error:
                raise CannotEvaluate(f"{script.name} could not be applied: {first_line(error)}") from None
        return stood_in(connection) if stand_ins else ()


def lend_random_uuids(url: str) -> None:
    """What our own migrations take for granted, and a server before PostgreSQL 13 has in an extension only."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.info.server_version < _HAS_RANDOM_UUIDS:
                connection.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
    except psycopg.Error as error:
        raise CannotEvaluate(f"gen_random_uuid() could not be provided: {first_line(error)}") from None


def populate(url: str, rows: World, schema: str = "public") -> None:
    """Put the rows of a world into the tables of a schema of a throw-away database of ours."""
    try:
        with psycopg.connect(url) as connection:
            insert(connection, rows, schema=schema)
    except psycopg.Error as error:
        raise CannotEvaluate(f"the small world could not be put in: {first_line(error)}") from None
