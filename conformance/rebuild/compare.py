"""Whether what was rebuilt is what was there: two catalogs compared by what their parts do, OIDs and owners aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.model.catalog import Catalog, Check, Column, Domain, Expression, Index, Table
from conformance.model.leftover import Leftover
from conformance.model.record import Record, replace
from conformance.rebuild import parts, sequences, tables
from conformance.rebuild.plan import TABLE, collation_part, owner_part, sequence_part
from conformance.rebuild.trust import random_uuid, sequence_of, why_not
from conformance.rebuild.types import Unbuildable

_SHOWN = 200
_LOCAL = frozenset(
    """lower upper initcap textregexeq textregexne texticregexeq texticregexne texticlike texticnlike text_lt text_le
    text_gt text_ge regexp_like regexp_match regexp_replace similar_escape similar_to_escape casefold""".split()
)
"""What folds, sorts or classifies characters."""


def differences(original: Catalog, rebuilt: Catalog, left: Iterable[Leftover]) -> Iterator[Leftover]:
    """What came out otherwise than it was, besides what is known to have been left out."""
    known = {(part.table, part.what) for part in left}
    for name, table in original.tables.items():
        if not table.is_table or (name, TABLE + name) in known:
            continue
        if name not in rebuilt.tables:
            yield Leftover(table=name, what=TABLE + name, why="it is not there once it was rebuilt")
            continue
        here, there = _parts(table, original), _parts(rebuilt.tables[name], rebuilt)
        for what in dict.fromkeys((*here, *there)):
            if here.get(what) != there.get(what) and (name, what) not in known:
                yield _difference(name, what, here.get(what), there.get(what))


def _difference(table: str, what: str, here: Any, there: Any) -> Leftover:
    if here is None or there is None:
        why = "it is there only once it was rebuilt" if here is None else "it is not there once it was rebuilt"
        return Leftover(table=table, what=what, why=why)
    apart = "; ".join(words for name in here for words in _apart(name, here[name], there[name]))
    return Leftover(table=table, what=what, why=apart)


def _apart(name: str, here: Any, there: Any) -> Iterator[str]:
    """The smallest parts of a value that differ, each in one clause."""
    if isinstance(here, Record) and type(here) is type(there):
        own = _fields(here)
        for inner in own:
            label = f"{inner.replace('_', ' ')} of {name}"
            yield from _apart(label.removesuffix(" of it"), own[inner], getattr(there, inner))
    elif isinstance(here, tuple) and isinstance(there, tuple) and len(here) == len(there):
        for place, pair in enumerate(zip(here, there, strict=True), 1):
            yield from _apart(f"{name.removesuffix('s')} {place}", *pair)
    elif here != there:
        yield f"{name} is {_shown(here)}, and came out as {_shown(there)}"


def _shown(value: object) -> str:
    text = _words(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _words(value: object) -> str:
    """A value as a person reads it; a record by what it is called."""
    if isinstance(value, Record):
        own = _fields(value)
        return _words(next((own[key] for key in ("name", "column", "expression", "text") if own.get(key)), None))
    if isinstance(value, tuple | frozenset):
        items = sorted(map(_words, value)) if isinstance(value, frozenset) else map(_words, value)
        return ", ".join(items) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None or value == "" else str(value)


def doubtful(rebuilt: Catalog) -> Iterator[str]:
    """The expressions that were taken over for harmless, and are not by the word of the server that has them now."""
    for table in rebuilt.tables.values():
        own = tables.enums_of(table)
        for what, expression, is_default in _expressions(table):
            plain = is_default and sequence_of(expression.text) is not None
            if not plain and (why := why_not(expression, own, in_default=is_default)):
                yield f"{what} of {table.name}: {why}"


def by_extensions(catalog: Catalog) -> Iterator[str]:
    """The calls for random UUIDs that are PostgreSQL's own once they are rebuilt."""
    for table in catalog.tables.values():
        for column in table.columns.values():
            if column.default is not None and random_uuid(column.default):
                yield column.default.text


def by_locale(catalog: Catalog) -> Iterator[str]:
    """The expressions whose value may hang on the locale of a database, which is not rebuilt."""
    for table in catalog.tables.values():
        for what, expression, _ in _expressions(table):
            if not _LOCAL.isdisjoint(expression.functions):
                yield f"{what} of {table.name}"


def _expressions(table: Table) -> Iterator[tuple[str, Expression, bool]]:
    for column in table.columns.values():
        if column.default is not None:
            yield f"the default of {column.name}", column.default, not column.generated
        for domain in column.type.domains:
            for check in domain.checks:
                yield f"the CHECK {check.name}", check.expression, False
    for piece in (table, *(own for _, _, own in parts.below(table))):
        for check in piece.checks:
            yield f"the CHECK {check.name}", check.expression, False
        for index in piece.indexes:
            for expression in filter(None, (index.predicate, index.computing)):
                yield f"the index {index.name}", expression, False


def _parts(table: Table, catalog: Catalog) -> Mapping[str, Mapping[str, Any]]:
    """The parts of a table by what they are called, each as what is compared of it."""
    name = table.name
    found: dict[str, Mapping[str, Any]] = {
        f"relation {name}": {"kind": table.kind, "schema": table.schema, "key": table.key}
    }
    for column in table.columns.values():
        found[f"column {name}.{column.name}"] = _column(column)
        found[f"default of {name}.{column.name}"] = {"it": _default(column.default)}
        if (sequence := sequences.found(table, column, catalog)) is not None:
            found[sequence_part(name, column.name)] = _fields(replace(sequence, owner=()))
            found[owner_part(name, column.name)] = {"it": ".".join(sequence.owner)}
        for domain in column.type.domains:
            if (collation := catalog.domain_collations.get(domain.name)) is not None:
                found[collation_part(domain.name)] = {"it": collation.name}
    for part, above, own in parts.below(table):
        said = {name: getattr(part, name) for name in ("kind", "partition", "bound", "key", "required", "lax")}
        found[f"{part.name}, which is below {above.name}"] = said if part.partition else {"kind": part.kind}
        found.update(_constraints(own, catalog))
    return {**found, **_constraints(table, catalog)}


def _constraints(table: Table, catalog: Catalog) -> Mapping[str, Mapping[str, Any]]:
    """What a table, or a part of one, asks of its rows, and does with them."""
    name = table.name
    found: dict[str, Mapping[str, Any]] = {}
    for check in table.checks:
        found[f"CHECK {check.name} of {name}"] = _fields(_check(check))
    for index in table.indexes:
        found[f"index {index.name} of {name}"] = _fields(_index(index))
    for key in table.foreign_keys:
        found[f"foreign key {key.name} of {name}"] = _fields(key)
    for trigger in table.triggers:
        if not tables.idle(trigger):
            found[f"trigger {trigger.name} of {name}"] = {
                "it": (trigger.events, trigger.row, trigger.timing, trigger.update_columns),
                "when": trigger.when,
                "body": _does(trigger, table, catalog),
            }
    return found


def _does(trigger: Any, table: Table, catalog: Catalog) -> str:
    try:
        return tables.does(trigger, table, catalog)
    except Unbuildable as error:
        return str(error)


def _fields(record: Any) -> Mapping[str, Any]:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _column(column: Column) -> Mapping[str, Any]:
    """Whether NOT NULL was validated is about rows of before, and a default is a part of its own."""
    domains = tuple(_domain(domain) for domain in column.type.domains)
    bare = replace(column, type=replace(column.type, domains=domains), not_null_validated=True, default=None)
    return _fields(bare)


def _domain(domain: Domain) -> Domain:
    checks = tuple(_check(check) for check in domain.checks)
    return replace(domain, default=_plain(domain.default), checks=checks)


def _check(check: Check) -> Check:
    return replace(check, expression=_plain(check.expression) or check.expression)


def _index(index: Index) -> Index:
    return replace(index, predicate=_plain(index.predicate), computing=_plain(index.computing))


def _default(expression: Expression | None) -> Expression | None:
    """A default; the call for a random UUID is the same by PostgreSQL's own function and by an extension's."""
    plain = _plain(expression)
    own = plain is not None and plain.text == "gen_random_uuid()" and not plain.strangers
    return Expression(text="gen_random_uuid()") if own or random_uuid(expression) else plain


def _plain(expression: Expression | None) -> Expression | None:
    """The text and what it may do: majors write their parse trees differently."""
    return expression and Expression(
        text=expression.text, volatility=expression.volatility, strangers=expression.strangers
    )
