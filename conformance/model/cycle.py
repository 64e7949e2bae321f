"""Whether a directed graph in a table is acyclic: what to read, and the answer."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from conformance.model.record import Record

KeyType: TypeAlias = Literal["uuid", "text", "varchar", "int2", "int4", "int8"]
KEY_TYPES: tuple[KeyType, ...] = get_args(KeyType)


class EdgeSource(Record):
    """A table whose rows are edges: from the node in `source` to the node in `target`.

    `key` is the type of a node's id, under PostgreSQL's internal name. Where `array` is true, `target` is an array of
    it, and each element is an edge. Where `whole` is true the relation has no physical order to divide it by (a view,
    a foreign table) and is read in one stream; partitions and inheriting tables are found without being told.
    """

    schema: str
    table: str
    source: str
    target: str
    key: KeyType = "uuid"
    array: bool = False
    whole: bool = False


class Acyclicity(Record):
    """The answer, exact whatever the hashes: a cycle is one of whole ids.

    `edges` counts the rows (or elements) of which neither end is NULL. `cycle` holds the ids along the shortest cycle,
    from its smallest id (uuids and text by their bytes, numbers by value), the first not repeated at the end; `(a,)` is
    a self loop, None says that there is none. Among several of the same length it is the smallest sequence. `shortest`
    is False where the component was too large to prove that no shorter one exists. `cyclic_edges` counts the edges
    inside strongly connected components, self loops included. `way` says how it was decided;
    it alone may depend on how the rows lie, and so may a cycle that is not proven shortest.
    """

    edges: int
    cycle: tuple[str, ...] | None
    shortest: bool
    cyclic_edges: int
    way: str
