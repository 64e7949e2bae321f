"""CREATE TABLE, DROP TABLE and their kin."""

from __future__ import annotations

from conformance.fold import attach, constraints, drawing, kin, opaque, policies, queried, routines, storage
from conformance.fold.alike import alike
from conformance.fold.columns import Definition, definition, of_table, starts_constraint
from conformance.fold.condition import Clause
from conformance.fold.constraint import Constraint
from conformance.fold.defaults import kept
from conformance.fold.meaning import Meaning, serial
from conformance.fold.naming import constraint_name, sequence_name
from conformance.fold.nodes import Call, Literal, TypeName, columns_in
from conformance.fold.places import DEFAULT, GENERATED
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import TEMPORARY, Field, Relation, Schema, TypeRef
from conformance.fold.standing import judge_text
from conformance.fold.tokens import Cursor
from conformance.model.record import replace
from conformance.model.sql import literal, qualified

_LAST = {"primary": 1, "unique": 2, "exclude": 2, "foreign": 3}
_OF_TABLES = {"table": "rp", "view": "v", "materialized view": "m", "sequence": "S", "foreign table": "f"}

_MOST_COLUMNS = 1600


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE TABLE."""
    cursor.needs("create")
    temporary = bool(cursor.one_of("temporary", "temp", "local temporary", "local temp", "global temp"))
    cursor.takes("unlogged")
    cursor.needs("table")
    unless_there = cursor.takes("if", "not", "exists")
    names = cursor.dotted()
    temporary = temporary or names[:-1] == (TEMPORARY,)
    place = (TEMPORARY, names[-1]) if temporary else schema.place(names)
    if unless_there and schema.relations.taken(place):
        return schema
    if cursor.takes("partition", "of"):
        return attach.partition(schema, place, cursor, lambda rest: _options(rest, schema.major))
    if (other := queried.created(schema, place, cursor) or opaque.made(schema, place, cursor)) is not None:
        return other
    elements = cursor.group()
    parts = elements.parts() if not elements.ended else []
    parents, split = attach.parents(schema, cursor), attach.split_by(cursor)
    _options(cursor, schema.major)
    return attach.made(schema, place, parents, split, lambda now, number: _filled(now, number, parts))


def _options(cursor: Cursor, major: int) -> None:
    """What stands behind the columns, as far as it changes nothing that is judged."""
    while not cursor.ended:
        if cursor.takes("with"):
            storage.judge("table", cursor.group(), major)
        elif cursor.takes("without", "oids"):
            continue
        elif cursor.takes("tablespace"):
            cursor.name()
        elif cursor.takes("on", "commit"):
            if not cursor.one_of("preserve rows", "delete rows"):
                raise cursor.odd("when it is dropped hangs on the transaction, which is not known here")
        elif cursor.takes("using"):
            if cursor.name() != "heap":
                raise cursor.odd("another access method is not known here")
        else:
            cursor.ends()
            return


def _filled(schema: Schema, number: int, parts: list[Cursor]) -> Schema:
    later: list[Constraint] = []
    for part in parts:
        if part.takes("like"):
            schema, copied = alike(schema, number, part)
            later += copied
        elif starts_constraint(part):
            later.append(of_table(part, schema.major))
        else:
            found = definition(part, schema.major)
            schema = _written(schema, number, found)
            later += found.constraints
        part.ends()
    table = schema.numbered(number)
    for column in table.columns:
        judge_default(schema, table, column)
    for constraint in _distinct(later):
        # of a table without rows, what is enforced is valid whatever is said
        schema = constraints.add(schema, number, replace(constraint, validated=constraint.enforced))
    return schema


def _distinct(found: list[Constraint]) -> list[Constraint]:
    """The constraints in the order in which PostgreSQL makes them; of two keys that are alike it makes one."""
    made: list[Constraint] = []
    for one in sorted(found, key=lambda constraint: _LAST.get(constraint.kind, 0)):
        twin = next((other for other in made if _same_key(one, other)), None)
        if twin is None:
            made.append(one)
        elif not twin.name:
            made[made.index(twin)] = replace(twin, name=one.name)
    return made


def _same_key(one: Constraint, other: Constraint) -> bool:
    keys = {("primary", "unique"), ("unique", "unique")}
    alike = (one.columns, one.include, one.nulls_not_distinct, one.deferrable) == (
        other.columns,
        other.include,
        other.nulls_not_distinct,
        other.deferrable,
    )
    return (other.kind, one.kind) in keys and alike


def add_column(schema: Schema, number: int, found: Definition) -> Schema:
    """The schema with a column more on the table, without its constraints; NOT NULL is one."""
    table = schema.numbered(number)
    if table.has(found.name):
        raise Refused("duplicate_column", f"{table.name} has a column {found.name} already")
    if found.name in opaque.SYSTEM:
        raise Refused("duplicate_column", f"{found.name} is a column of the system's own")
    if len(table.columns) >= _MOST_COLUMNS:
        raise Refused("too_many_columns", f"{table.name} has {_MOST_COLUMNS} columns already")
    drawn = serial(found.type)
    meaning = Meaning(schema)
    ref = meaning.ref(TypeName(name=drawn, schema="pg_catalog") if drawn else found.type)
    _judge_column(ref, found, drawn=bool(drawn))
    column = Field(
        name=found.name,
        type=ref,
        default=found.default if found.generated else kept(schema, found.default, ref),
        identity=found.identity,
        generated=found.generated,
        collation=() if found.collation == ("default",) else found.collation,
    )
    table = replace(table, columns=(*table.columns, column))
    schema = schema.put(table)
    if drawn or found.identity:
        schema = _drawing(schema, number, column, serial=bool(drawn))
    return schema


def _written(schema: Schema, number: int, found: Definition) -> Schema:
    """The schema with a column that is written in a new table, which may have it from above too."""
    table = schema.numbered(number)
    if not table.has(found.name) or table.column(found.name).local:
        return add_column(schema, number, found)
    own = table.column(found.name)
    if found.identity or found.generated or own.identity or own.generated or serial(found.type):
        raise NotUnderstood(f"how {own.name} is computed, here and above, is not known here")
    ref = Meaning(schema).ref(found.type)
    if ref != own.type or (found.collation and found.collation != own.collation):
        raise Refused("datatype_mismatch", f"{own.name} of {table.name} is of another type than above")
    default = own.default if found.default is None else kept(schema, found.default, ref)
    return schema.put(constraints.with_column(table, replace(own, default=default, local=True)))


def _judge_column(ref: TypeRef, found: Definition, *, drawn: bool) -> None:
    """Raises `Refused` for what does not go together."""
    if found.collation and ref.number is None and ref.name not in ("text", "varchar", "bpchar", "name"):
        raise Refused("datatype_mismatch", f"{found.name} is of a type without collations")
    if drawn and (found.identity or found.generated or found.default is not None):
        raise Refused("syntax_error", f"{found.name} draws from a sequence, and has another default")
    if found.identity and (ref.array or ref.number is not None or ref.name not in ("int2", "int4", "int8")):
        raise Refused("invalid_parameter_value", f"{found.name} cannot be an identity column")
    if found.null and (
        found.identity or drawn or any(one.kind in ("not null", "primary") for one in found.constraints)
    ):
        raise Refused("syntax_error", f"{found.name} is NULL and NOT NULL")


def judge_default(schema: Schema, table: Relation, column: Field) -> None:
    """Raises `Refused` where the server would refuse the default, as far as it is understood."""
    if column.default is None:
        return
    place = GENERATED if column.generated else DEFAULT
    if column.default.node is None:
        judge_text(schema, table if column.generated else None, column.default.text, place)
        return
    named = columns_in(column.default.node)
    if named and not column.generated:
        raise Refused("feature_not_supported", f"the default of {column.name} names the column {named[0]}")
    meaning = Meaning(schema)
    try:
        made = meaning.deparser(table).assigned(column.default.node, meaning.kind_of(column.type))
    except Refused:
        raise
    except NotUnderstood:
        judge_text(schema, table if column.generated else None, column.default.text, place)
        return
    if column.generated and made.volatility != "i":
        raise Refused("invalid_object_definition", f"what {column.name} is computed of is not immutable")
    if column.generated and any(table.column(name).generated for name in named):
        raise Refused("invalid_object_definition", f"{column.name} is computed of a column that is computed")


def _drawing(schema: Schema, number: int, column: Field, *, serial: bool) -> Schema:
    """The sequence of a serial or an identity column, and what makes the column draw from it."""
    table = schema.numbered(number)
    name = sequence_name(schema, table.schema, table.name, column.name)
    sequence = Relation(number=0, schema=table.schema, name=name, kind="S", owner=(number, column.name))
    schema = schema.add(sequence)
    if serial:
        text = literal(qualified(table.schema, name))
        drawn = Call(schema=None, name="nextval", args=(Literal(kind="string", value=qualified(table.schema, name)),))
        column = replace(column, default=Clause(text=f"nextval({text})", node=drawn))
    own = constraint_name(schema, table, column.name, "not_null")
    return schema.put(constraints.with_column(table, replace(column, not_null=own)))


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP TABLE, VIEW, SEQUENCE and the like."""
    cursor.needs("drop")
    what = cursor.one_of(*_OF_TABLES)
    gently, names, cascade = cursor.dropped()
    gone: list[Relation] = []
    for name in names:
        found = schema.find(name)
        if found is None and gently:
            continue
        gone.append(schema.relation(name, *_OF_TABLES[what]))
    return without(schema, gone, cascade=cascade)


def without(schema: Schema, gone: list[Relation], *, cascade: bool) -> Schema:
    """The schema without these relations and what hangs on them. Raises `Refused` where that is not asked for."""
    gone = kin.falling(schema, gone, cascade=cascade)
    policies.judge_table(schema, gone)
    for one in gone:
        routines.judge_type(schema, one.name)
    numbers = {relation.number for relation in gone}
    drawn_from = any(one.kind == "S" for one in gone)
    for relation in schema.relations.values() if drawn_from else schema.relations.tied(views=True, to=numbers):
        if relation.number in numbers:
            continue
        if relation.kind in "vm" and any(one.name in relation.mentions for one in gone if one.kind != "S"):
            raise Acting(f"whether the view {relation.name} goes too, or keeps it, cannot be told here")
        if not cascade and any(key.target in numbers for key in relation.references):
            raise Refused("dependent_objects_still_exist", f"{relation.name} has a foreign key to what is dropped")
        drawn = any(one.kind == "S" and _draws(relation, one) for one in gone)
        if drawn:
            raise Acting(f"a default of {relation.name} draws from what is dropped")
    owned = {one.number for one in schema.relations.owned(numbers)}
    drawing.judge(schema, owned, numbers)
    left = schema.without(*numbers, *owned)
    pointing = left.relations.tied(to=numbers)
    return left.each(lambda r: constraints.without_keys(r, lambda key: key.target in numbers), pointing)


def _draws(table: Relation, sequence: Relation) -> bool:
    owned = sequence.owner is not None and sequence.owner[0] == table.number
    return owned or any(c.default is not None and sequence.name in c.default.text for c in table.columns)


STATEMENTS = {
    "create table": create,
    "create temporary table": create,
    "create temp table": create,
    "create unlogged table": create,
    **{f"drop {what}": drop for what in _OF_TABLES},
}
