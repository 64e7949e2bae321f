"""A working schema as the catalog that the database source gives of the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.fold.columns_out import Columns
from conformance.fold.condition import Condition
from conformance.fold.made import Made, analysed, joined, unread
from conformance.fold.mentioning import columns_seen
from conformance.fold.opclasses import default_for, known
from conformance.fold.reference import Reference
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Key, KeyIndex, Reaction, Relation, Schema
from conformance.model.below import may_refuse
from conformance.model.catalog import (
    RELATION_KINDS,
    Catalog,
    Check,
    Column,
    Expression,
    ForeignKey,
    Index,
    IndexKey,
    Part,
    PartitionKey,
    Table,
    Trigger,
    Type,
)
from conformance.model.record import replace
from conformance.model.search_path import USER, before_own, split_path

_PLAIN_CAST = re.compile(r"(?<![\w\"])\(([a-z_][a-z0-9_]*)\)::")
"""A cast of a column, which the keys of an index are printed without parentheses in."""
_OTHER_KINDS = {"S": "sequence", "c": "composite type"}


def catalog(schema: Schema, names: Iterable[str]) -> Catalog:
    """The tables of these names, as a session finds them."""
    meant: dict[str, Relation] = {}
    elsewhere: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for name in names:
        space = next((one for one in schema.home if schema.relations.taken((one, name))), "")
        found = schema.relations.get((space, name))
        if found is not None and found.kind in RELATION_KINDS:
            meant[name] = found
        elif space:
            taken[name] = f"{_OTHER_KINDS[found.kind] if found is not None else 'index'} {space}.{name}"
        others = [
            one
            for one in schema.relations.values()
            if one.name == name and one is not found and one.kind in RELATION_KINDS
        ]
        if others:
            elsewhere[name] = tuple(one.schema for one in sorted(others, key=lambda one: _rank(one, schema.home)))
    maker = _Maker(schema)
    tables = {name: maker.table(meant[name]) for name in sorted(meant)}
    return Catalog(tables=tables, path=schema.home, elsewhere=elsewhere, taken=taken)


def _rank(relation: Relation, path: tuple[str, ...]) -> tuple[int, str]:
    return path.index(relation.schema) if relation.schema in path else len(path), relation.schema


class _Maker:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.columns = Columns(schema)

    def table(self, found: Relation) -> Table:
        columns = {field.name: self.columns.column(found, field) for field in found.columns}
        return Table(
            schema=found.schema,
            name=found.name,
            kind=found.kind,
            owner="",
            columns=columns,
            indexes=tuple(self._index(found, columns, one) for one in sorted(found.indexes, key=lambda i: i.name)),
            checks=tuple(self._check(found, one) for one in sorted(found.checks, key=lambda c: c.name)),
            foreign_keys=tuple(self._foreign_key(found, one) for one in sorted(found.references, key=lambda k: k.name)),
            triggers=tuple(self._trigger(found, one) for one in sorted(found.reactions, key=lambda t: t.name)),
            row_security=found.row_security,
            children=tuple(one.name for one in self._below(found) if one.bound is None),
            bound=found.bound.text if found.bound is not None else "",
            key=self._split(found),
            parts=tuple(self._part(found, one) for one in self._below(found)),
        )

    def _below(self, found: Relation) -> list[Relation]:
        return sorted(self.schema.relations.below(found.number), key=lambda one: one.name)

    def _split(self, found: Relation) -> PartitionKey | None:
        if found.split is None:
            return None
        rest = any(one.bound is not None and one.bound.default for one in self._below(found))
        return PartitionKey(strategy=found.split.strategy, columns=found.split.columns, default=rest)

    def _part(self, above: Relation, found: Relation) -> Part:
        """A partition or an heir, with what it has for itself."""
        whole = self.table(found)
        strict = {column.name: bool(column.not_null) for column in above.columns}
        own = {check.name for check in found.checks if not check.inherited}
        keys = {key.name for key in found.references if not key.above}
        indexes = {i.name for i in found.indexes if not i.above}
        reactions = {one.name for one in found.reactions if one.row and not one.inherited}
        return Part(
            name=found.name,
            kind=found.kind,
            partition=found.bound is not None,
            bound=whole.bound,
            key=whole.key,
            required=tuple(c.name for c in found.columns if c.not_null and not strict.get(c.name, True)),
            lax=tuple(c.name for c in found.columns if not c.not_null and strict.get(c.name, False)),
            checks=tuple(one for one in whole.checks if one.name in own),
            indexes=tuple(one for one in whole.indexes if one.name in indexes and may_refuse(one)),
            foreign_keys=tuple(one for one in whole.foreign_keys if one.name in keys),
            triggers=tuple(one for one in whole.triggers if one.name in reactions),
            parts=whole.parts,
        )

    def _kept_by(self, table: Relation, key: Reference) -> int:
        """How many triggers keep a foreign key, in the table and below it."""
        below = [one for one in self._below(table) if one.bound is not None] if table.kind == "p" else []
        parts = [(one, own) for one in below for own in one.references if own.above == key.name]
        return 4 + sum(self._kept_by(*part) - 2 for part in parts)

    def _check(self, table: Relation, check: Condition) -> Check:
        deparser = self.columns.meaning.deparser(table)
        clause = check.clause
        made = self.columns.made(deparser, clause)
        if made is None:
            names = columns_seen(clause.text, table) or tuple(column.name for column in table.columns)
        else:
            from conformance.fold.nodes import columns_in

            names = columns_in(clause.node) if clause.node is not None else ()
        return Check(
            name=check.name,
            expression=unread(clause.text) if made is None else analysed(made),
            columns=names,
            validated=check.validated,
            enforced=check.enforced,
            no_inherit=check.no_inherit,
        )

    def _foreign_key(self, table: Relation, key: Reference) -> ForeignKey:
        target = self.schema.numbered(key.target)
        return ForeignKey(
            name=key.name,
            columns=key.columns,
            target_schema=target.schema,
            target=target.name,
            target_columns=key.target_columns,
            on_delete=key.on_delete,
            on_update=key.on_update,
            match=key.match,
            delete_columns=key.delete_columns,
            validated=key.validated,
            enforced=key.enforced,
            deferrable=key.deferrable,
            target_kind=target.kind,
            triggers=self._kept_by(table, key) if key.enforced else 0,
            asleep=key.asleep,
        )

    def _index(self, table: Relation, columns: dict[str, Column], index: KeyIndex) -> Index:
        made: list[Made | None] = []
        keys = tuple(self._key(table, columns, index, key, made) for key in index.keys)
        where = ""
        if index.predicate is not None:
            made.append(self.columns.made(self.columns.meaning.deparser(table), index.predicate))
            where = index.predicate.text if made[-1] is None else made[-1].text
        whole = _whole(made)
        return Index(
            name=index.name,
            method=index.method,
            keys=keys,
            include=index.include,
            predicate=replace(whole, text=where) if where and whole is not None else None,
            computing=_computing(made, whole),
            unique=index.unique,
            primary=index.primary,
            immediate=index.immediate,
            valid=index.valid,
            nulls_not_distinct=index.nulls_not_distinct,
            constraint=index.name if index.constraint else None,
            excludes=index.excludes,
        )

    def _key(
        self, table: Relation, columns: dict[str, Column], index: KeyIndex, key: Key, all_made: list[Made | None]
    ) -> IndexKey:
        expression, of = None, None
        if key.column in columns:
            of, collation = columns[key.column].type, columns[key.column].collation
        elif key.column is not None:  # a materialized view's columns are not told
            of, collation = None, None
        else:
            made, collation = self._expression_of(table, key), None
            all_made.append(made if made is None else replace(made, text=_PLAIN_CAST.sub(r"\1::", made.text)))
            text = key.clause.text if key.clause is not None else ""
            expression = text if made is None else _PLAIN_CAST.sub(r"\1::", made.text)
            if made is not None and made.kind is not None and not made.kind.strange:
                of = Type(declared=made.kind.declared, name=made.kind.name, array=made.kind.array)
        default = default_for(of, index.method) if of is not None else None
        opclass = key.opclass or default or "?"
        if key.collation:
            collation = None if key.collation == ("default",) else key.collation[-1]
        return IndexKey(
            column=key.column,
            expression=expression,
            opclass=opclass,
            default_opclass=not key.opclass or key.opclass == default,
            trusted=not key.opclass or known(key.opclass),
            collation=collation,
            descending=key.descending,
            nulls_first=key.nulls_first,
        )

    def _expression_of(self, table: Relation, key: Key) -> Made | None:
        try:
            if key.clause is not None and key.clause.node is not None:
                return self.columns.meaning.deparser(table).made(key.clause.node)
        except NotUnderstood:
            return None
        return None

    def _trigger(self, table: Relation, one: Reaction) -> Trigger:
        function = next(found for found in self.schema.functions if found.number == one.function)
        given = dict(function.settings)
        path = given.get("search_path")
        when = None
        if one.when is not None:
            made = self.columns.made(self.columns.meaning.deparser(table, ("old", "new")), one.when)
            when = "…" if made is None else made.text
        return Trigger(
            name=one.name,
            timing=one.timing,
            events=one.events,
            row=one.row,
            update_columns=one.update_columns,
            when=when,
            function=f"{function.schema}.{function.name}",
            language=function.language,
            body=function.body,
            arguments=one.arguments,
            enabled=one.enabled,
            settings=tuple(given),
            looks_in=() if path is None else before_own(split_path(path, current_user=USER)),
        )


def _whole(made: list[Made | None]) -> Expression | None:
    """What the trees of an index say together, of its expressions and its predicate."""
    read = [one for one in made if one is not None]
    if len(read) < len(made):
        return unread("")
    whole = joined("", None, "", read)
    return analysed(replace(whole, nodes=whole.nodes - {""})) if made else None


def _computing(made: list[Made | None], whole: Expression | None) -> Expression | None:
    """What has to be computed to enter a row in an index, as an expression that is true once it has been."""
    if whole is None:
        return None
    return replace(whole, text=" AND ".join(f"((({one.text}) IS NULL) IS NOT NULL)" for one in made if one is not None))
