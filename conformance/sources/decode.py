"""The JSON document of `catalog.sql`, read into the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from conformance.errors import CannotEvaluate
from conformance.model.below import may_refuse
from conformance.model.catalog import (
    Catalog,
    Check,
    Column,
    Expression,
    ForeignKey,
    Index,
    IndexKey,
    Part,
    Table,
    Trigger,
)
from conformance.model.record import replace
from conformance.model.search_path import USER, before_own, split_path
from conformance.sources.decode_parts import Families
from conformance.sources.decode_trees import Tree
from conformance.sources.decode_types import Types
from conformance.sources.document import Record, Torn, rows

_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_MATCHES = {"s": "simple", "f": "full", "p": "partial"}
_IDENTITY = {"": "", "a": "always", "d": "by default"}
_GENERATED = {"": "", "s": "stored", "v": "virtual"}
_EVENTS = {4: "insert", 8: "delete", 16: "update", 32: "truncate"}  # the bits of pg_trigger.tgtype
_FOR_EACH_ROW = 1
_OTHER_KINDS = {"S": "sequence", "i": "index", "I": "index", "c": "composite type", "t": "TOAST table"}
_RULED = {"2": "update", "3": "insert", "4": "delete"}  # the letters of pg_rewrite.ev_type
_NUMBERED = itemgetter(0, 1)  # the relation, and the number or name of what is its own
_WHEN = re.compile(r" WHEN \((.*)\) EXECUTE (?:FUNCTION|PROCEDURE) ", re.DOTALL)


def decode(document: Mapping[str, Any], path: Sequence[str], ahead: Sequence[str] = ()) -> Catalog:
    """`document` is the value of the one row that `catalog.sql` gives; `path` the schemas that it was asked with;
    `ahead` those in which a session here looks before `pg_catalog`.

    Raises `Torn`, and `CannotEvaluate` where the server gave none because it is too large.
    """
    if "large" in document:
        raise CannotEvaluate("the catalog of the documented tables is larger than 16 MB, which is not read")
    return _Decoder(document, tuple(ahead)).catalog(tuple(path))


def _grouped(rows: Iterable[Record] | None) -> dict[int, list[Record]]:
    groups: dict[int, list[Record]] = {}
    for row in rows or ():
        groups.setdefault(row[0], []).append(row)
    return groups


class _Decoder:
    def __init__(self, document: Mapping[str, Any], ahead: tuple[str, ...]) -> None:
        self.document = document
        self.ahead = ahead
        self.types = Types(document)
        self.opclasses: Mapping[str, Record] = document["opclasses"] or {}
        self.names: dict[int, dict[int, str]] = {}
        self.strict: dict[int, Mapping[str, bool]] = {}
        self.families = Families(document)
        self.handed_down = {(oid, kind, name) for oid, kind, name in document.get("handed_down") or ()}

    def catalog(self, path: tuple[str, ...]) -> Catalog:
        document = self.document
        columns = _grouped(sorted(rows(document, "columns"), key=_NUMBERED))
        self.names = {oid: {row[1]: row[2] for row in rows} for oid, rows in columns.items()}
        self.strict = {oid: {row[2]: row[6] for row in rows} for oid, rows in columns.items()}
        for oid, own in self.families.columns.items():
            self.names.setdefault(oid, {number: name for number, name, _ in own})
            self.strict.setdefault(oid, {name: not_null for _, name, not_null in own})
        hanging = {kind: _grouped(document[kind]) for kind in ("not_nulls", "checks", "foreign_keys", "triggers")}
        hanging["indexes"] = _grouped(sorted(rows(document, "indexes"), key=_NUMBERED))
        tables = {row[2]: self._table(row, columns, hanging) for row in document["relations"] or ()}
        elsewhere: dict[str, tuple[str, ...]] = {}
        for name, schema in document["elsewhere"] or ():
            elsewhere[name] = (*elsewhere.get(name, ()), schema)
        taken = {name: f"{_OTHER_KINDS[kind]} {schema}.{name}" for name, kind, schema in document["taken"] or ()}
        replicas = tuple(self.document.get("replicas") or ())  # older statements do not ask for them
        return Catalog(tables=tables, path=path, elsewhere=elsewhere, taken=taken, replicas=replicas)

    def _table(
        self, row: Record, columns: dict[int, list[Record]], hanging: Mapping[str, Mapping[int, list[Record]]]
    ) -> Table:
        (oid, schema, name, kind, owner, row_security, readable, insertable, rules, bound, has_triggers,
         updatable) = row  # fmt: skip
        unproven = {r[1] for r in hanging["not_nulls"].get(oid, ()) if not r[2]}
        parts = self._parts(oid, hanging)
        asleep = self.families.asleep(oid, hanging["triggers"])
        return Table(
            schema=schema,
            name=name,
            kind=kind,
            owner=owner,
            columns={r[2]: self._column(r, unproven) for r in columns.get(oid, ())},
            indexes=tuple(self._index(r) for r in hanging["indexes"].get(oid, ())),
            checks=tuple(self._check(r) for r in hanging["checks"].get(oid, ())),
            foreign_keys=tuple(self._foreign_key(r) for r in hanging["foreign_keys"].get(oid, ())),
            triggers=tuple(
                self._trigger(r, has_triggers, asleep.get(r[1], ())) for r in hanging["triggers"].get(oid, ())
            ),
            children=tuple(part.name for part in parts if not part.partition),
            row_security=row_security,
            readable=readable,
            insertable=insertable,
            updatable=updatable,
            rules=tuple(rule for rule, *_ in rules or ()),
            replaced=frozenset(_RULED[event] for _, event, instead, _ in rules or () if instead),
            voided=frozenset(_RULED[event] for _, event, instead, void in rules or () if instead and void),
            bound=bound or "",
            key=self.families.key(oid, self.names.get(oid, {})),
            parts=parts,
        )

    def _parts(self, above: int, hanging: Mapping[str, Mapping[int, list[Record]]]) -> tuple[Part, ...]:
        """What is below a table."""
        strict, found = self.strict.get(above, {}), []
        for oid, name, kind, partition, has_triggers, bound in self.families.below(above):
            own = self.strict[oid]
            part = Part(
                name=name,
                kind=kind,
                partition=partition,
                bound=bound or "",
                key=self.families.key(oid, self.names.get(oid, {})),
                required=tuple(column for column in own if own[column] and not strict.get(column, True)),
                lax=tuple(column for column in own if not own[column] and strict.get(column, False)),
                checks=tuple(map(self._check, self._own(oid, "checks", hanging))),
                indexes=tuple(filter(may_refuse, map(self._index, self._own(oid, "indexes", hanging)))),
                foreign_keys=tuple(map(self._foreign_key, self._own(oid, "foreign_keys", hanging))),
                triggers=tuple(
                    self._trigger(r, has_triggers, ())
                    for r in hanging["triggers"].get(oid, ())
                    if not r[12] and r[2] & _FOR_EACH_ROW
                ),
                parts=self._parts(oid, hanging),
            )
            found.append(part)
        return tuple(found)

    def _own(self, oid: int, kind: str, hanging: Mapping[str, Mapping[int, list[Record]]]) -> Iterator[Record]:
        """What a table below another one has of a kind, and not from above."""
        return (r for r in hanging[kind].get(oid, ()) if (oid, kind, r[1]) not in self.handed_down)

    def _column(self, row: Record, unproven: set[int]) -> Column:
        (_, number, name, oid, typmod, declared, not_null, identity, generated, collation, inherited, text, default,
         writable) = row  # fmt: skip
        collation_name, deterministic, shipped = self.types.collation(collation)
        return Column(
            name=name,
            type=self.types.type(oid, typmod, declared),
            not_null=not_null,
            not_null_validated=number not in unproven,
            default=None if text is None else self.types.expression(text, self.types.trees.get("default", default)),
            identity=_IDENTITY[identity],
            generated=_GENERATED[generated],
            writable=writable,
            collation=collation_name,
            collation_shipped=shipped,
            deterministic=deterministic,
            inherited=inherited,
        )

    def _columns(self, oid: int, numbers: Iterable[int] | None) -> tuple[str, ...]:
        names = self.names.get(oid, {})
        return tuple(names[n] for n in numbers or () if n in names)

    def _check(self, row: Record) -> Check:
        oid, name, text, numbers, validated, enforced, no_inherit, own = row
        expression = self.types.expression(text, self.types.trees.get("check", own))
        columns = self._columns(oid, numbers)
        odd = {"WHOLE ROW" if number == 0 else "TABLEOID" for number in numbers or () if number <= 0}
        if odd:
            expression = replace(expression, nodes=(expression.nodes or frozenset()) | odd)
        if "WHOLE ROW" in odd:
            columns = tuple(self.names.get(oid, {}).values())
        return Check(
            name=name,
            expression=expression,
            columns=columns,
            validated=validated,
            enforced=enforced,
            no_inherit=no_inherit,
        )

    def _foreign_key(self, row: Record) -> ForeignKey:
        (oid, name, numbers, schema, target, target_columns, on_delete, on_update, match, delete_columns, validated,
         enforced, deferrable, temporal, target_kind, triggers, asleep, target_oid, awake, watched) = row  # fmt: skip
        return ForeignKey(
            name=name,
            columns=self._columns(oid, numbers),
            target_schema=schema,
            target=target,
            target_columns=tuple(target_columns),
            on_delete=_ACTIONS[on_delete],
            on_update=_ACTIONS[on_update],
            match=_MATCHES[match],
            delete_columns=self._columns(oid, delete_columns),
            validated=validated,
            enforced=enforced,
            deferrable=deferrable,
            temporal=temporal,
            target_kind=target_kind,
            triggers=triggers,
            asleep=asleep,
            bare=self.families.bare(oid, target_oid, target, target_kind, awake, watched),
        )

    def _index(self, row: Record) -> Index:
        (oid, name, method, numbers, key_count, options, collations, opclasses, expressions, predicate, own, unique,
         primary, immediate, valid, ready, nulls_not_distinct, constraint, operators) = row  # fmt: skip
        names, tree = self.names.get(oid, {}), self.types.trees.get("index", own)
        keys = []
        for place in range(key_count):
            collation, deterministic, _ = self.types.collation(collations[place] or None)
            opclass, is_default, trusted = self.opclasses[str(opclasses[place])]
            column = names.get(numbers[place])
            if column is None and not expressions[place]:
                raise Torn
            keys.append(
                IndexKey(
                    column=column,
                    expression=None if column is not None else expressions[place],
                    opclass=opclass,
                    default_opclass=is_default,
                    trusted=trusted,
                    collation=collation,
                    deterministic=deterministic,
                    descending=bool(options[place] & 1),
                    nulls_first=bool(options[place] & 2),
                )
            )
        return Index(
            name=name,
            method=method,
            keys=tuple(keys),
            include=tuple(names[n] for n in numbers[key_count:] if n in names),
            predicate=None if predicate is None else self.types.expression(predicate, tree),
            computing=self._computing([key.expression for key in keys], predicate, tree),
            unique=unique,
            primary=primary,
            immediate=immediate,
            valid=valid,
            ready=ready,
            nulls_not_distinct=nulls_not_distinct,
            constraint=constraint,
            excludes=tuple(operator.partition("(")[0] for operator in operators or ()),
        )

    def _computing(
        self, expressions: Sequence[str | None], predicate: str | None, tree: Tree | None
    ) -> Expression | None:
        """What has to be computed to enter a row in an index, as an expression that is true once it has been."""
        texts = [text for text in (*expressions, predicate) if text]
        if tree is None or not texts:
            return None
        return self.types.expression(" AND ".join(f"((({text}) IS NULL) IS NOT NULL)" for text in texts), tree)

    def _trigger(self, row: Record, has_triggers: bool, asleep_in: tuple[str, ...]) -> Trigger:
        (oid, name, kind, numbers, definition, schema, function, language, body, arguments, enabled, settings,
         _) = row  # fmt: skip
        if definition == "":
            raise Torn
        when = _WHEN.search(definition) if definition else None
        given = dict(setting.split("=", 1) for setting in settings or ())
        path = given.get("search_path")
        ahead = self.ahead if path is None else before_own(split_path(path, current_user=USER))
        return Trigger(
            name=name,
            timing="before" if kind & 2 else "instead of" if kind & 64 else "after",
            events=frozenset(word for bit, word in _EVENTS.items() if kind & bit),
            row=bool(kind & _FOR_EACH_ROW),
            update_columns=self._columns(oid, numbers),
            when=when[1] if when else ("…" if definition else None),
            function=f"{schema}.{function}",
            language=language,
            body=body,
            arguments=arguments,
            enabled=enabled if has_triggers else "N",
            settings=tuple(given),
            looks_in=ahead,
            asleep_in=asleep_in,
        )
