"""The types, collations and expressions in the JSON document of `catalog.sql`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model.catalog import CUT, LONGEST, Check, Domain, Expression, Type, Volatility
from conformance.sources.decode_trees import FIRST_USER_OID, Tree, Trees
from conformance.sources.document import Record, Torn

_DROPPED = '"?dropped?column?"'  # how PostgreSQL prints a column that is no more


class Types:
    """Takes types apart, each once, and names what in an expression is not PostgreSQL's own."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.types: Mapping[str, Record] = document["types"] or {}
        self.collations: Mapping[str, Record] = document["collations"] or {}
        self.decoded_types: dict[tuple[int, int, str | None], Type] = {}
        self.trees = Trees(document)

    def type(self, oid: int, typmod: int, declared: str | None) -> Type:
        """A column's type; `declared` is None where the type's own name says it all."""
        key = (oid, typmod, declared)
        found = self.decoded_types.get(key)
        if found is None:
            found = self.decoded_types[key] = self._take_apart(oid, typmod, declared)
        return found

    def _take_apart(self, oid: int, typmod: int, declared: str | None) -> Type:
        domains: list[Domain] = []
        elements: list[Domain] = []
        array = False
        record = self._record(oid)
        declared = declared or record[7]
        current = oid
        while True:
            schema, name, kind, element, base, base_typmod, *_ = record
            if kind == "d":
                (elements if array else domains).append(self._domain(current, record))
                typmod = base_typmod if base_typmod >= 0 else typmod
                current = base
            elif element and not array:
                array, current = True, element
            else:
                break
            record = self._record(current)
        return Type(
            declared=declared or name,
            name=name if kind in "bed" else f"{schema}.{name}",  # a composite or a range of that name is another type
            schema=schema,
            typmod=typmod,
            array=array,
            shipped=current < FIRST_USER_OID and schema == "pg_catalog",
            labels=None if record[9] is None else tuple(record[9]),
            domains=tuple(domains),
            elements=tuple(elements),
        )

    def _record(self, oid: int) -> Record:
        if (record := self.types.get(str(oid))) is None:
            raise Torn
        return record

    def _domain(self, oid: int, record: Record) -> Domain:
        return Domain(
            name=record[7],
            not_null=record[6],
            default=None if record[8] is None else self.expression(record[8], self.trees.get("domain", oid)),
            checks=tuple(
                Check(name=name, expression=self.expression(text, self.trees.get("check", own)), validated=validated)
                for name, text, validated, own in record[10] or ()
            ),
        )

    def collation(self, oid: int | None) -> tuple[str | None, bool, bool]:
        """A collation's name (None for the default), whether it is deterministic, whether PostgreSQL ships it."""
        if oid is None or str(oid) not in self.collations:
            return None, True, True
        schema, name, deterministic, shipped = self.collations[str(oid)]
        return (name if schema == "pg_catalog" else f"{schema}.{name}"), deterministic, shipped

    def expression(self, text: str, tree: Tree | None) -> Expression:
        """An expression with what its parse tree says, where the statement took it apart."""
        if not text or _DROPPED in text:
            raise Torn
        if len(text) > LONGEST:
            return Expression(text=text[:LONGEST], nodes=frozenset({CUT}))
        if tree is None:
            return Expression(text=text)
        strangers = {f.shown for f in tree.functions if not f.shipped}
        strangers |= {f"type {name}" for oid, name in tree.types if self._is_strange(oid)}
        strangers |= {d for d in tree.depends if f"{d[9:].partition('(')[0]}()" not in strangers}
        volatility: Volatility = "i"
        for function in tree.functions:
            volatility = max(volatility, function.volatility)
        if "SQLVALUEFUNCTION" in tree.nodes:
            volatility = max(volatility, "s")
        if "NEXTVALUEEXPR" in tree.nodes:
            volatility = "v"
        return Expression(
            text=text,
            nodes=tree.nodes,
            volatility=volatility,
            functions=tuple(f.name for f in tree.functions),
            strangers=tuple(sorted(strangers)),
            extensions=tuple(f.shown for f in tree.functions if f.extension),
        )

    def _is_strange(self, oid: int) -> bool:
        """A domain over a shipped type adds no code of its own to an expression over the column; all else may."""
        record = self.types.get(str(oid))
        while record is not None and record[2] == "d":
            oid = record[4]
            record = self.types.get(str(oid))
        return oid >= FIRST_USER_OID
