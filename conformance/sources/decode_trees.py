"""The parse trees of expressions in the JSON document of `catalog.sql`: the nodes, functions and types in each.

The statement cuts the trees into pieces and looks up, once for all of them, what the pieces refer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.model import record
from conformance.model.catalog import Volatility
from conformance.sources.document import Record, Torn, rows

FIRST_USER_OID = 16384
_CALLS = ("funcid", "opfuncid")

_Key = tuple[str, int]
_Piece = tuple[str, str, int | None]


class Function(record.Record):
    """A function that an expression calls; `extension` is what it came with, where that is one."""

    schema: str
    name: str
    oid: int
    volatility: Volatility
    extension: str | None

    @property
    def shipped(self) -> bool:
        """Whether it is PostgreSQL's own."""
        return self.oid < FIRST_USER_OID and self.schema == "pg_catalog"

    @property
    def shown(self) -> str:
        """As it stands in a report."""
        return f"{self.schema}.{self.name}()"


class Tree(record.Record):
    """What an expression is made of. `types` are those that are not PostgreSQL's own, with their names; `depends` is
    what the server's records of dependencies say, in its words."""

    nodes: frozenset[str]
    functions: tuple[Function, ...]
    types: tuple[tuple[int, str], ...]
    depends: tuple[str, ...]


class Trees:
    """Puts the pieces together: the trees of checks and defaults (a domain's too) and of indexes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._operators: Mapping[str, int] = document["operators"] or {}
        self._functions: Mapping[str, Record] = document["functions"] or {}
        self._strangers: Mapping[str, Record] = document["strangers"] or {}
        self._pieces: dict[_Key, list[_Piece]] = {}
        for kind, oid, field, node, referred in rows(document, "pieces"):
            self._pieces.setdefault((kind, oid), []).append((field, node, referred))
        self._depends: dict[_Key, list[str]] = {}
        for kind, oid, description in document["depends"] or ():
            if description is None:
                raise Torn
            self._depends.setdefault((kind, oid), []).append(description)

    def get(self, kind: str, oid: int | None) -> Tree | None:
        """What an expression is made of; None where the statement did not take it apart."""
        if oid is None or (pieces := self._pieces.get((kind, oid))) is None:
            return None
        named = {(field, referred) for field, _, referred in pieces if referred}
        called = {referred for field, referred in named if field in _CALLS}
        called |= {self._operators.get(str(referred), referred) for field, referred in named if field == "opno"}
        types = {oid for field, oid in named if oid >= FIRST_USER_OID and field not in (*_CALLS, "opno")}
        return Tree(
            nodes=frozenset(node for _, node, _ in pieces if node),
            functions=tuple(sorted(self._called(called), key=lambda f: (f.schema, f.name, f.oid))),
            types=tuple((oid, ".".join(self._strangers.get(str(oid), ("?", str(oid))))) for oid in sorted(types)),
            depends=tuple(self._depends.get((kind, oid), ())),
        )

    def _called(self, oids: Iterable[int]) -> Iterator[Function]:
        for oid in oids:
            # one that no catalog knows may do anything
            schema, name, volatility, extension = self._functions.get(str(oid), ("?", str(oid), "v", None))
            yield Function(schema=schema, name=name, oid=oid, volatility=volatility, extension=extension)
