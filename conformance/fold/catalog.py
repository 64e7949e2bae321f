"""A working schema as the catalog that the database source gives of the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.fold.columns_out import Columns
from conformance.fold.made import Made, analysed, joined, unread
from conformance.fold.mentioning import columns_seen
from conformance.fold.opclasses import default_for, known
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Condition, Key, KeyIndex, Reaction, Reference, Relation, Schema
from conformance.model.catalog import (
    RELATION_KINDS,
    Catalog,
    Check,
    Column,
    Expression,
    ForeignKey,
    Index,
    IndexKey,
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
    maker = _Maker(schema)
    tables: dict[str, Table] = {}
    elsewhere: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for name in names:
        for space in schema.home:
            if schema.relations.taken((space, name)):
                break
        else:
            space = ""
        meant = schema.relations.get((space, name))
        if meant is not None and meant.kind in RELATION_KINDS:
            tables[name] = maker.table(meant)
        elif space:
            taken[name] = f"{_OTHER_KINDS[meant.kind] if meant is not None else 'index'} {space}.{name}"
        others = [
            one
            for one in schema.relations.values()
            if one.name == name and one is not meant and one.kind in RELATION_KINDS
        ]
        if others:
            elsewhere[name] = tuple(one.schema for one in sorted(others, key=lambda one: _rank(one, schema.home)))
    return Catalog(tables=dict(sorted(tables.items())), path=schema.home, elsewhere=elsewhere, taken=taken)


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
        )

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
            triggers=4 if key.enforced else 0,
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
        if key.column is not None:
            of, collation = columns[key.column].type, columns[key.column].collation
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
