"""Reading a relation that has no blocks to divide it by, row by row: views, foreign tables, servers before 14."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from conformance.model.cycle import EdgeSource
from conformance.sources.connection import Incomplete
from conformance.sources.edge_reader import Clock
from conformance.sources.edge_sql import WIDTHS, stream_of_ids, stream_of_keys

ROWS = 100_000
"""Rows of a batch."""


def stream_keys(connection: psycopg.Connection[Any], edges: EdgeSource, clock: Clock) -> Iterator[tuple[bytes, bytes]]:
    """Both ends' keys, in batches."""
    for sources, targets in _batches(connection, stream_of_keys(edges), [], clock):
        yield b"".join(sources), b"".join(targets)


def stream_ids(
    connection: psycopg.Connection[Any], edges: EdgeSource, named: Sequence[int] | None, clock: Clock
) -> Iterator[tuple[bytes | list[bytes], bytes | list[bytes]]]:
    """Both ends' whole ids, in batches; where `named` is given, only of edges from nodes of these keys."""
    parameters = [] if named is None else [list(named)]
    for sources, targets in _batches(connection, stream_of_ids(edges, chosen=named is not None), parameters, clock):
        if edges.key in WIDTHS:
            yield b"".join(sources), b"".join(targets)
        else:
            yield sources, targets


def _batches(
    connection: psycopg.Connection[Any], statement: str, parameters: Sequence[Any], clock: Clock
) -> Iterator[tuple[list[bytes], list[bytes]]]:
    sources: list[bytes] = []
    targets: list[bytes] = []
    sent = 0
    if not parameters:  # then psycopg does not halve what is doubled
        statement = statement.replace("%%", "%")
    with clock.cancelling(connection), connection.cursor() as cursor:
        with cursor.copy(statement.encode(), parameters) as copy:
            copy.set_types(["bytea", "bytea"])  # as they are sent
            for source, target in copy.rows():
                sources.append(source)
                targets.append(target)
                if len(sources) == ROWS:
                    clock.check()
                    yield sources, targets
                    sent += len(sources)
                    sources, targets = [], []
        came = cursor.rowcount
    if came != sent + len(sources):
        raise Incomplete("the server's answer about the edges did not come whole")
    yield sources, targets
