"""The statements that read edges: keys of eight bytes to sift by, and whole ids to decide by."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.model.cycle import EdgeSource, KeyType
from conformance.model.sql import identifier

# A key of eight bytes: the number itself, or the type's own hash. {} is the column.
_KEY: dict[KeyType, str] = {
    "uuid": "pg_catalog.uuid_hash_extended({}, 0)",
    "text": 'pg_catalog.hashtextextended({}::pg_catalog.text COLLATE pg_catalog."C", 0)',
    "varchar": 'pg_catalog.hashtextextended({}::pg_catalog.text COLLATE pg_catalog."C", 0)',
    "int2": "{}::pg_catalog.int8",
    "int4": "{}::pg_catalog.int8",
    "int8": "{}::pg_catalog.int8",
}
# The whole id as bytes, of one width where `WIDTHS` has it.
_ID: dict[KeyType, str] = {
    "uuid": "pg_catalog.uuid_send({})",
    "text": "pg_catalog.textsend({}::pg_catalog.text)",
    "varchar": "pg_catalog.textsend({}::pg_catalog.text)",
    "int2": "pg_catalog.int8send({}::pg_catalog.int8)",
    "int4": "pg_catalog.int8send({}::pg_catalog.int8)",
    "int8": "pg_catalog.int8send({}::pg_catalog.int8)",
}
WIDTHS: dict[KeyType, int] = {"uuid": 16, "int2": 8, "int4": 8, "int8": 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Blocks `first` … `last` - 1 of one table's heap."""

    schema: str
    table: str
    first: int
    last: int

    @property
    def bounds(self) -> list[str]:
        return [f"({self.first},0)", f"({self.last},0)"]


def hold(edges: EdgeSource) -> str:
    """Reads nothing, but locks the relation and all below it against being rewritten under our feet."""
    columns = f"{_name(edges.source)}, {_name(edges.target)}"
    return f"SELECT {columns} FROM {_name(edges.schema)}.{_name(edges.table)} LIMIT 0"


def keys(edges: EdgeSource, piece: Piece) -> str:
    """Both ends' keys of a piece's edges, each in one bytea; two parameters, `piece.bounds`."""
    source, target = (f"pg_catalog.int8send({_KEY[edges.key].format(end)})" for end in _ends(edges))
    none = "NULL::pg_catalog.bytea"
    what = f"pg_catalog.string_agg({source}, {none}), pg_catalog.string_agg({target}, {none})"
    return f"SELECT {what} {_from_piece(edges, piece)}"


def ids(edges: EdgeSource, piece: Piece, *, chosen: bool) -> str:
    """Both ends' whole ids of a piece's edges, in one bytea each, or in arrays of bytea where they vary in width.

    Where `chosen` is true, only of the edges whose source's key is in the third parameter.
    """
    source, target = _whole(edges)
    if edges.key in WIDTHS:
        none = "NULL::pg_catalog.bytea"
        what = f"pg_catalog.string_agg({source}, {none}), pg_catalog.string_agg({target}, {none})"
    else:
        what = f"pg_catalog.array_agg({source}), pg_catalog.array_agg({target})"
    return f"SELECT {what} {_from_piece(edges, piece)}{_chosen(edges) if chosen else ''}"


def stream_of_keys(edges: EdgeSource) -> str:
    """All edges' keys in binary rows, for a relation that has no blocks to divide it by."""
    source, target = (f"{_KEY[edges.key].format(end)}" for end in _ends(edges))
    return f"COPY (SELECT {source}, {target} {_from_relation(edges)}) TO STDOUT (FORMAT binary)"


def stream_of_ids(edges: EdgeSource, *, chosen: bool) -> str:
    """The same for whole ids as bytea; where `chosen` is true, with one parameter, the sources' keys."""
    source, target = _whole(edges)
    condition = _chosen(edges) if chosen else ""
    return f"COPY (SELECT {source}, {target} {_from_relation(edges)}{condition}) TO STDOUT (FORMAT binary)"


def _name(name: str) -> str:
    """An identifier, in a statement that is run with parameters, where `%` is doubled."""
    return identifier(name).replace("%", "%%")


def _ends(edges: EdgeSource) -> tuple[str, str]:
    return f"t.{_name(edges.source)}", "u.element" if edges.array else f"t.{_name(edges.target)}"


def _whole(edges: EdgeSource) -> tuple[str, str]:
    source, target = _ends(edges)
    return _ID[edges.key].format(source), _ID[edges.key].format(target)


def _chosen(edges: EdgeSource) -> str:
    key = _KEY[edges.key].format(_ends(edges)[0])
    return f" AND {key} OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.int8[])"


def _from_relation(edges: EdgeSource, only: str = "") -> str:
    unnest = ""
    if edges.array:
        unnest = f" CROSS JOIN LATERAL pg_catalog.unnest(t.{_name(edges.target)}) AS u(element)"
    source, target = _ends(edges)
    relation = only or f"{_name(edges.schema)}.{_name(edges.table)}"
    return f"FROM {relation} AS t{unnest} WHERE {source} IS NOT NULL AND {target} IS NOT NULL"


def _from_piece(edges: EdgeSource, piece: Piece) -> str:
    first, last = (f"t.ctid OPERATOR(pg_catalog.{sign}) %s::pg_catalog.tid" for sign in (">=", "<"))
    return f"{_from_relation(edges, f'ONLY {_name(piece.schema)}.{_name(piece.table)}')} AND {first} AND {last}"
