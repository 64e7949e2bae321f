"""The statements that repairs are made of. Each may be run again, and each stands by itself: none needs a transaction
around it, and a stop between any two loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.catalog import Index, Table
from conformance.model.claimed import of_constraint_name, of_relation
from conformance.model.dependants import of_constraint, of_index
from conformance.model.record import replace
from conformance.model.repair import Stage, Step
from conformance.model.sql import identifier, literal, qualified

MOMENT = "for a moment: no row is read"
_TAG = "repair"
_LONGEST = 63
_ASIDE = "_conformance_unfinished"


def everybody(table: str) -> str:
    """The lock of most that ALTER TABLE does."""
    return f"ACCESS EXCLUSIVE on {table}, {MOMENT}"


def scanning(table: str) -> str:
    return f"SHARE UPDATE EXCLUSIVE on {table} as long as its rows are read; everybody reads and writes"


def building(table: str) -> str:
    return f"SHARE UPDATE EXCLUSIVE on {table} as long as it is built; everybody reads and writes"


def guarded(condition: str, statement: str) -> str:
    """A DO block that runs the statement where the condition holds."""
    body = f"BEGIN IF {condition} THEN\n  {statement};\nEND IF; END"
    tag = next(tag for n in range(len(body)) if f"${(tag := _TAG + str(n or ''))}$" not in body)
    return f"DO ${tag}$ {body} ${tag}$;"


def constraint_there(table: str, name: str, rest: str = "") -> str:
    """The condition that a constraint of that name is there."""
    return (
        f"EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {literal(table)}::pg_catalog.regclass"
        f" AND conname = {literal(name)}{rest})"
    )


def column_there(table: str, name: str, rest: str) -> str:
    """The condition that a column of that name is there, of which `rest` holds."""
    return (
        f"EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = {literal(table)}::pg_catalog.regclass"
        f" AND attname = {literal(name)}{rest})"
    )


def added(table: str, name: str, definition: str, does: str, lock: str, stage: Stage, drops: str = "") -> Step:
    """A constraint, if it is not there yet; `drops` are actions before it in the same statement."""
    statement = f"ALTER TABLE {table} {drops}ADD CONSTRAINT {identifier(name)} {definition}"
    return Step(
        stage=stage,
        does=does,
        lock=lock,
        sql=guarded(f"NOT {constraint_there(table, name)}", statement),
        users=(of_constraint_name(table, name),),
    )


def check(table: str, name: str, condition: str, gone: Sequence[str]) -> Iterator[Step]:
    """A CHECK for new rows, its proof for those that are there, and the end of those whose place it takes."""
    yield added(
        table,
        name,
        f"CHECK ({condition}) NOT VALID",
        f"adds {name}, which is asked of new rows",
        everybody(table),
        Stage.RULES,
    )
    yield Step(
        stage=Stage.PROOFS,
        does=f"proves {name} for the rows that are there",
        lock=scanning(table),
        sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT {identifier(name)};",
    )
    for old in gone:
        yield dropped(table, old, f"{name} stands in its place", Stage.SETTLED)


def not_null(table: Table, column: str, check_name: str) -> Iterator[Step]:
    """SET NOT NULL that reads no row under its lock: a CHECK, which is proven before and dropped behind it."""
    name, relation = identifier(column), qualified(table.schema, table.name)
    there, settled = constraint_there(relation, check_name), f"ALTER TABLE {relation} ALTER COLUMN {name} SET NOT NULL"
    lacking = column_there(relation, column, " AND NOT attnotnull")
    if table.columns[column].not_null:  # NOT VALID: SET NOT NULL would read all rows, whatever the CHECK says
        lacking = (
            f"EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {literal(relation)}::pg_catalog.regclass"
            " AND contype = 'n' AND NOT convalidated)"
        )
        settled = f"ALTER TABLE {relation} ALTER COLUMN {name} DROP NOT NULL;\n  {settled}"
    yield Step(
        stage=Stage.RULES,
        does=f"refuses new rows whose {column} is NULL",
        lock=everybody(relation),
        sql=guarded(
            f"{lacking} AND NOT {there}",
            f"ALTER TABLE {relation} ADD CONSTRAINT {identifier(check_name)} CHECK ({name} IS NOT NULL) NOT VALID",
        ),
        users=(of_constraint_name(relation, check_name),),
    )
    yield Step(
        stage=Stage.PROOFS,
        does=f"proves that no {column} is NULL",
        lock=scanning(relation),
        sql=guarded(there, f"ALTER TABLE {relation} VALIDATE CONSTRAINT {identifier(check_name)}"),
    )
    yield Step(
        stage=Stage.SETTLED,
        does=f"makes {column} NOT NULL, by the proof of the CHECK",
        lock=everybody(relation),
        sql=guarded(constraint_there(relation, check_name, " AND convalidated"), settled),
    )
    yield dropped(relation, check_name, "NOT NULL says it now", Stage.SETTLED)


def dropped(table: str, name: str, why: str, stage: Stage = Stage.GONE, target: str = "") -> Step:
    """A constraint taken away; `target` is the table that a foreign key leads to."""
    return Step(
        stage=stage,
        does=f"drops the constraint {name}: {why}",
        lock=everybody(f"{table} and {target}" if target else table),
        sql=f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {identifier(name)};",
        users=of_constraint(table, name),
    )


def index_dropped(schema: str, name: str, why: str) -> Step:
    """An index taken away that backs no constraint."""
    index = qualified(schema, name)
    return Step(
        stage=Stage.INDEXES_GONE,
        does=f"drops the index {name}: {why}",
        lock="SHARE UPDATE EXCLUSIVE on its table; everybody reads and writes",
        sql=f"DROP INDEX CONCURRENTLY IF EXISTS {index};",
    )


def taken_away(table: Table, index: Index, why: str) -> Step:
    """An index taken away, or the constraint that it backs, unless something rests on it."""
    if index.constraint:
        step = dropped(qualified(table.schema, table.name), index.constraint, why)
    else:
        step = index_dropped(table.schema, index.name, why)
    return replace(step, users=(*step.users, *of_index(table, index)))


def built(
    table: Table, name: str, keys: str, *, unique: bool = False, method: str = "btree", where: str = ""
) -> Iterator[Step]:
    """An index, built beside the work; what an interrupted build has left is cleared away first."""
    relation = qualified(table.schema, table.name)
    yield from _cleared(table, name)
    using = "" if method == "btree" else f" USING {method}"
    yield Step(
        stage=Stage.INDEXES,
        does=f"builds the {'unique ' * unique}index {name}",
        lock=building(relation),
        sql=f"CREATE {'UNIQUE ' * unique}INDEX CONCURRENTLY IF NOT EXISTS {identifier(name)} ON {relation}{using}"
        f" ({keys}){where};",
        users=(of_relation(table.schema, name, table),),
    )


def reindexed(table: Table, name: str) -> Iterator[Step]:
    """An index that is not valid, built anew in its place."""
    relation = qualified(table.schema, table.name)
    yield from _cleared(table, _cut(name, len("_ccnew")) + "_ccnew")
    yield Step(
        stage=Stage.INDEXES,
        does=f"builds {name} anew, which is not valid",
        lock=building(relation),
        sql=f"REINDEX INDEX CONCURRENTLY {qualified(table.schema, name)};",
    )


def _cleared(table: Table, name: str) -> Iterator[Step]:
    """What an interrupted build has left of an index. DROP INDEX CONCURRENTLY cannot be made to depend on anything, so
    what is not valid gets a name first that nobody but this script gives."""
    relation, index = qualified(table.schema, table.name), qualified(table.schema, name)
    aside = _cut(name, len(_ASIDE)) + _ASIDE
    invalid = (
        f"EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass({literal(index)})"
        " AND NOT indisvalid)"
    )
    yield Step(
        stage=Stage.INDEXES,
        does=f"puts {name} aside where an interrupted run has left it unfinished",
        lock=f"SHARE UPDATE EXCLUSIVE on the index, {MOMENT}",
        sql=guarded(invalid, f"ALTER INDEX {index} RENAME TO {identifier(aside)}"),
    )
    yield Step(
        stage=Stage.INDEXES,
        does="drops what was put aside",
        lock=f"SHARE UPDATE EXCLUSIVE on {relation}; everybody reads and writes",
        sql=f"DROP INDEX CONCURRENTLY IF EXISTS {qualified(table.schema, aside)};",
    )


def _cut(name: str, spare: int) -> str:
    return name.encode()[: _LONGEST - spare].decode("utf-8", "ignore")
