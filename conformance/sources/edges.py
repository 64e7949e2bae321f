"""Whether the graph in a table is acyclic: read by keys of eight bytes, sifted, and decided on whole ids.

The transaction is the caller's and stays as it was: a savepoint keeps it usable where a statement is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus

from conformance.graph.chunk import WIDTH, Chunk, Suspects
from conformance.graph.decide import decision, suspects
from conformance.graph.exact import Id
from conformance.model.cycle import Acyclicity, EdgeSource
from conformance.sources.edge_companion import both
from conformance.sources.edge_layout import pieces
from conformance.sources.edge_reader import Clock, Ends, Reader
from conformance.sources.edge_sql import WIDTHS, Piece, hold, ids, keys
from conformance.sources.edge_stream import stream_ids, stream_keys

CHOSEN = 20_000
"""So many edges of a piece are named to the server; for more it sends the piece."""


def acyclic(
    connection: psycopg.Connection[Any],
    edges: EdgeSource,
    *,
    second: Callable[[], psycopg.Connection[Any]] | None = None,
    low_memory: bool = False,
    progress: Callable[[int], None] | None = None,
    deadline: float | None = None,
) -> Acyclicity:
    """Whether the edges are free of cycles, and the shortest cycle if they aren't.

    `connection` is in a read-only transaction with an empty search_path and not in a savepoint. `second` opens another
    connection to the same database, which is closed at the end; it is used where the snapshot can be shared. `progress`
    is told the number of edges read so far. Raises `OutOfTime` when `deadline` (of `time.monotonic()`) is over, and
    psycopg's errors.
    """
    clock = Clock(deadline)
    clock.check()
    with _untouched(connection):  # and released again, as no snapshot is exported from within a savepoint
        found, shared = pieces(connection, edges)
    with (
        both(connection, second if shared and len(found) > 1 else None, hold(edges)) as connections,
        _untouched(connection),
        ExitStack() as readings,  # an error leaves none of them running
    ):
        source: _Pieces | _Stream
        source = _Pieces(Reader(connections, clock), edges, found) if found else _Stream(connection, edges, clock)

        def read(places: Sequence[int] | None) -> Iterator[Chunk]:
            return _told(readings.enter_context(closing(source.keys(places))), None if places else progress)

        left = suspects(read, clock.check, low_memory=low_memory)
        way = f"{source.way}, {left.way}"
        if not left.left:
            return Acyclicity(edges=left.edges, cycle=None, shortest=True, cyclic_edges=0, way=way)
        whole = readings.enter_context(closing(source.ids(left)))
        decided = decision(whole, WIDTHS.get(edges.key), clock.check)
    way += f", exact on {decided.edges:,} edges"
    cycle = None if decided.cycle is None else tuple(_shown(edges, id_) for id_ in decided.cycle)
    return Acyclicity(
        edges=left.edges, cycle=cycle, shortest=decided.shortest, cyclic_edges=decided.cyclic_edges, way=way
    )


class _Pieces:
    """A table that is read by ranges of blocks."""

    def __init__(self, reader: Reader, edges: EdgeSource, found: Sequence[Piece]) -> None:
        self._reader, self._edges, self._pieces = reader, edges, found
        self.way = f"streamed over {('one connection', 'two connections')[reader.connections - 1]}"

    def keys(self, places: Sequence[int] | None) -> Generator[Chunk, None, None]:
        """The chunks of these pieces, or of all."""
        wanted = range(len(self._pieces)) if places is None else places
        statements = [(keys(self._edges, self._pieces[place]), self._pieces[place].bounds) for place in wanted]
        for number, (sources, targets) in self._reader.results(statements):
            if isinstance(sources, bytes) and isinstance(targets, bytes):
                yield Chunk(place=wanted[number], sources=sources, targets=targets)

    def ids(self, left: Suspects) -> Generator[tuple[Ends, Ends], None, None]:
        statements = []
        for chunk in left.chunks:
            piece = self._pieces[chunk.place]
            chosen = len(chunk) <= CHOSEN
            named = [_numbers(chunk.sources)] if chosen else []
            statements.append((ids(self._edges, piece, chosen=chosen), [*piece.bounds, *named]))
        for _, ends in sorted(self._reader.results(statements), key=lambda result: result[0]):
            yield ends  # in one order, whoever came first: a search that ends early must end alike


class _Stream:
    """A relation that is read as a whole."""

    way = "streamed as a whole"

    def __init__(self, connection: psycopg.Connection[Any], edges: EdgeSource, clock: Clock) -> None:
        self._connection, self._edges, self._clock = connection, edges, clock

    def keys(self, places: Sequence[int] | None) -> Generator[Chunk, None, None]:
        """All edges, as of one place: what comes in another order another time cannot be read again in part."""
        del places
        for sources, targets in stream_keys(self._connection, self._edges, self._clock):
            yield Chunk(place=0, sources=sources, targets=targets)

    def ids(self, left: Suspects) -> Generator[tuple[Ends, Ends], None, None]:
        named = None
        if left.left <= CHOSEN:
            named = [number for chunk in left.chunks for number in _numbers(chunk.sources)]
        yield from stream_ids(self._connection, self._edges, named, self._clock)


def _told(chunks: Iterable[Chunk], progress: Callable[[int], None] | None) -> Iterator[Chunk]:
    read = 0
    for chunk in chunks:
        yield chunk
        read += len(chunk)
        if progress is not None:
            progress(read)


def _numbers(keys: bytes) -> list[int]:
    """Keys as the server's own numbers, each once."""
    return sorted({int.from_bytes(keys[i : i + WIDTH], "big", signed=True) for i in range(0, len(keys), WIDTH)})


def _shown(edges: EdgeSource, id_: Id) -> str:
    """An id as PostgreSQL prints it."""
    if isinstance(id_, int):
        return str(id_)
    return str(UUID(bytes=id_)) if edges.key == "uuid" else id_.decode()


@contextmanager
def _untouched(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Gives the transaction back as it was, also after an error."""
    connection.execute("SAVEPOINT conformance_edges")
    try:
        yield
    except BaseException:
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            back = "ROLLBACK TO SAVEPOINT conformance_edges; RELEASE SAVEPOINT conformance_edges"
            try:
                connection.execute(back)
            except psycopg.errors.QueryCanceled:  # meant for the statement before, and come late
                connection.execute(back)
        raise
    connection.execute("RELEASE SAVEPOINT conformance_edges")
