"""A table's columns, constraints, indexes and triggers, written down; or why one of them cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conformance.model.catalog import Catalog, Check, Column, ForeignKey, Index, IndexKey, Table, Trigger
from conformance.model.particulars import Sequence as Drawn
from conformance.model.sql import identifier, literal, qualified
from conformance.model.trigger_body import effect, returned
from conformance.model.trigger_plain import fires_for, odd_settings, why_another
from conformance.rebuild import sequences
from conformance.rebuild.trust import enums, one_expression, plain_condition, sequence_of, why_not
from conformance.rebuild.types import Unbuildable, written

_MOMENTS = {
    "now()": "pg_catalog.now()",
    "current_timestamp": "CURRENT_TIMESTAMP",
    "transaction_timestamp()": "pg_catalog.transaction_timestamp()",
    "clock_timestamp()": "pg_catalog.clock_timestamp()",
    "statement_timestamp()": "pg_catalog.statement_timestamp()",
}
_OPERATOR = re.compile(r"(?!.*(?:--|/\*))[-+*/<>=~!@#%^&|`?]+\Z")
_ACTIONS = frozenset({"no action", "restrict", "cascade", "set null", "set default"})
_WORDS = frozenset({"simple", "full", "always", "by default", "stored", "virtual", "insert", "update", "delete"})


def _word(text: str, known: frozenset[str] = _WORDS) -> str:
    """A word of the catalog's that stands in SQL as it is. Raises `Unbuildable` for any that is not known."""
    if text not in known:
        raise Unbuildable(f"{text[:40]!a} is no word that is known here")
    return text.upper()


def create(table: Table, without_default: Sequence[str], catalog: Catalog) -> str:
    """`CREATE TABLE …` with the columns alone. Raises `Unbuildable`."""
    columns = [
        _column(
            column,
            _collated(column, catalog),
            sequences.found(table, column, catalog),
            column.name not in without_default,
        )
        for column in table.columns.values()
    ]
    return f"CREATE TABLE {named(table)} (\n    " + ",\n    ".join(columns) + "\n)"


def enums_of(table: Table) -> frozenset[str]:
    """The enums of a table's columns, as an expression's strangers."""
    return enums(column.type for column in table.columns.values())


def named(table: Table) -> str:
    return qualified(table.schema, table.name)


def _collated(column: Column, catalog: Catalog) -> str:
    """The collation that the column has to be given: also the default one, where its domain has another."""
    if column.collation is None:
        own = [catalog.domain_collations.get(domain.name) for domain in column.type.domains[:1]]
        return "default" if any(one is not None and one.name for one in own) else ""
    if not column.collation_shipped:
        raise Unbuildable(f"the collation {column.collation} of {column.name} is a stranger's")
    return column.collation


def _column(column: Column, collation: str, drawn: Drawn | None, with_default: bool) -> str:
    if column.inherited:
        raise Unbuildable(f"its column {column.name} is inherited")
    parts = [identifier(column.name), written(column.type)]
    if collation:
        parts.append(f"COLLATE {qualified('pg_catalog', collation)}")
    if column.generated:
        if column.default is None or (why := why_not(column.default, enums([column.type]))):
            raise Unbuildable(f"what {column.name} is generated from: {why if column.default else 'it is not known'}")
        parts.append(f"GENERATED ALWAYS AS ({column.default.text}) {_word(column.generated)}")
    elif column.identity:
        parts.append(f"GENERATED {_word(column.identity)} AS IDENTITY{sequences.of_identity(drawn)}")
    elif column.default is not None and with_default:
        parts.append(f"DEFAULT {_default(column)}")
    if column.not_null:
        parts.append("NOT NULL")
    return " ".join(parts)


def why_no_default(column: Column) -> str:
    """Why the column's default is not rebuilt, or ""."""
    if column.default is None or column.generated or column.identity:
        return ""
    if sequence_of(column.default.text) is not None:
        return ""
    return why_not(column.default, enums([column.type]), in_default=True)


def own_uuid(table: Table, column: Column) -> str:
    """The default that stands in for an extension's random UUID; refused by a server before PostgreSQL 13."""
    change = f"ALTER COLUMN {identifier(column.name)} SET DEFAULT pg_catalog.gen_random_uuid()"
    return f"ALTER TABLE {named(table)} {change}"


def _default(column: Column) -> str:
    text = column.default.text if column.default is not None else "NULL"
    if (sequence := sequence_of(text)) is not None:
        return f"nextval({literal(qualified(*sequence))}::regclass)"
    return text


def check(table: Table, found: Check) -> str:
    """`ALTER TABLE … ADD CONSTRAINT … CHECK …`. Raises `Unbuildable`."""
    if why := why_not(found.expression, enums_of(table)):
        raise Unbuildable(why)
    tail = " NO INHERIT" * found.no_inherit + " NOT ENFORCED" * (not found.enforced)
    tail += " NOT VALID" * (found.enforced and not found.validated)
    return f"ALTER TABLE {named(table)} ADD CONSTRAINT {identifier(found.name)} CHECK ({found.expression.text}){tail}"


def foreign_key(table: Table, key: ForeignKey, catalog: Catalog) -> str:
    """`ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY …`. Raises `Unbuildable`."""
    target = catalog.tables.get(key.target)
    if target is None or target.schema != key.target_schema:
        raise Unbuildable(f"it leads to {key.target_schema}.{key.target}, which the contract does not know")
    if key.temporal:
        raise Unbuildable("it is one of periods")
    if key.asleep or key.bare:
        raise Unbuildable("some of the triggers that keep it are off")
    action = _word(key.on_delete, _ACTIONS) + (f" ({_names(key.delete_columns)})" if key.delete_columns else "")
    tail = " DEFERRABLE" * key.deferrable + " NOT ENFORCED" * (not key.enforced)
    tail += " NOT VALID" * (key.enforced and not key.validated)
    return (
        f"ALTER TABLE {named(table)} ADD CONSTRAINT {identifier(key.name)} FOREIGN KEY ({_names(key.columns)})"
        f" REFERENCES {named(target)} ({_names(key.target_columns)}) MATCH {_word(key.match)}"
        f" ON DELETE {action} ON UPDATE {_word(key.on_update, _ACTIONS)}{tail}"
    )


def index(table: Table, found: Index) -> str:
    """The key or the index. Raises `Unbuildable`."""
    if not (found.valid and found.ready):
        raise Unbuildable("it is not valid, and who knows which rows it has")
    if found.excludes and found.unique:
        raise Unbuildable("it is one of periods")
    for expression in filter(None, (found.computing, found.predicate)):
        if why := why_not(expression, enums_of(table)):
            raise Unbuildable(why)
    if stranger := next((key.opclass for key in found.keys if not key.trusted), None):
        raise Unbuildable(f"its operator class {stranger} is a stranger's")
    name, include = identifier(found.name), f" INCLUDE ({_names(found.include)})" if found.include else ""
    nulls = " NULLS NOT DISTINCT" * found.nulls_not_distinct
    if found.excludes:
        pairs = zip(found.keys, found.excludes, strict=True)
        keys = ", ".join(f"{_key(key)} WITH {_operator(operator)}" for key, operator in pairs)
        where = f" WHERE ({found.predicate.text})" if found.predicate is not None else ""
        how = f"EXCLUDE USING {identifier(found.method)} ({keys}){include}"
        return f"ALTER TABLE {named(table)} ADD CONSTRAINT {name} {how}{where}{' DEFERRABLE' * (not found.immediate)}"
    if found.constraint is not None:
        sort = "PRIMARY KEY" if found.primary else "UNIQUE"
        keys = _names([key.column for key in found.keys if key.column is not None])
        deferrable = " DEFERRABLE" * (not found.immediate)
        return f"ALTER TABLE {named(table)} ADD CONSTRAINT {name} {sort}{nulls} ({keys}){include}{deferrable}"
    keys = ", ".join(_key(key) for key in found.keys)
    where = f" WHERE {found.predicate.text}" if found.predicate is not None else ""
    create_it = f"CREATE {'UNIQUE ' * found.unique}INDEX {name} ON {named(table)}"
    return f"{create_it} USING {identifier(found.method)} ({keys}){include}{nulls}{where}"


def _operator(name: str) -> str:
    """An operator as PostgreSQL prints it under an empty search_path: a bare name is one of its own."""
    if not _OPERATOR.match(name):
        raise Unbuildable(f"its operator {name[:40]} is a stranger's")
    return f"OPERATOR(pg_catalog.{name})"


def _key(key: IndexKey) -> str:
    if key.column is None and (key.expression is None or not one_expression(key.expression)):
        raise Unbuildable("one of its keys cannot be read")
    parts = [identifier(key.column) if key.column is not None else f"({key.expression})"]
    if key.collation is not None:
        if "." in key.collation:
            raise Unbuildable(f"its collation {key.collation} is a stranger's")
        parts.append(f"COLLATE {qualified('pg_catalog', key.collation)}")
    if not key.default_opclass:
        parts.append(identifier(key.opclass))
    if key.descending:
        parts.append("DESC")
    if key.nulls_first != key.descending:
        parts.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(parts)


def idle(trigger: Trigger) -> bool:
    """Whether the trigger surely does nothing to rows of examples: it never fires, or for TRUNCATE alone, which no
    example does; or it only returns, and too late or without a row."""
    if trigger.enabled not in "OA" or trigger.events == {"truncate"}:
        return True
    plain = trigger.language == "plpgsql" and not odd_settings(trigger) and bool(returned(trigger.body))
    return plain and (trigger.timing == "after" or not trigger.row)


def does(trigger: Trigger, table: Table, catalog: Catalog) -> str:
    """The statement that the trigger's body plainly is. Raises `Unbuildable`."""
    if trigger.language != "plpgsql":
        raise Unbuildable(f"its function is in {trigger.language}")
    if odd := odd_settings(trigger):
        raise Unbuildable(f"its function runs with {', '.join(odd)} of its own")
    if not _when(trigger) and fires_for(trigger, table) != "always":
        raise Unbuildable("it has a WHEN that is not copied")
    if trigger.asleep_in:
        raise Unbuildable(f"it is off in {', '.join(trigger.asleep_in)}")
    if trigger.timing != "before" or not trigger.row:
        raise Unbuildable("what it does is not plain to see")
    if gives := returned(trigger.body):
        return f"RETURN {gives.upper()};"
    for name in table.columns:
        sort, call = effect(trigger.body, name)
        if sort == "sets":
            if why := why_another(trigger, name, catalog):
                raise Unbuildable(why)
            return f"NEW.{identifier(name)} := {_MOMENTS[call]}; RETURN NEW;"
    raise Unbuildable("what its function does is not plain to see")


def trigger(table: Table, found: Trigger, body: str, function: str) -> tuple[str, str]:
    """The function, which is ours, and the trigger that calls it."""
    of = f" OF {_names(found.update_columns)}" if found.update_columns else ""
    events = " OR ".join(f"{_word(event)}{of if event == 'update' else ''}" for event in sorted(found.events))
    called = qualified(table.schema, function)
    return (
        f"CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql AS {literal(f'BEGIN {body} END')}",
        f"CREATE TRIGGER {identifier(found.name)} BEFORE {events} ON {named(table)}"
        f" FOR EACH ROW{_when(found)} EXECUTE FUNCTION {called}()",
    )


def _when(found: Trigger) -> str:
    """Its condition, where that is plain to see; else ""."""
    return f" WHEN ({found.when})" if found.when and plain_condition(found.when) else ""


def _names(names: Sequence[str]) -> str:
    return ", ".join(identifier(name) for name in names)
