"""ALTER COLUMN."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold import constraints, policies, storage
from conformance.fold.columns import default
from conformance.fold.condition import Clause
from conformance.fold.constraint import Constraint
from conformance.fold.defaults import kept
from conformance.fold.drops import index_has, seen, speaks_of
from conformance.fold.meaning import Meaning
from conformance.fold.naming import sequence_name
from conformance.fold.places import TRANSFORM
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.retyping import is_lasting, is_whole, read_again
from conformance.fold.retyping import judge as judge_again
from conformance.fold.schema import Field, Relation, Schema, TypeRef
from conformance.fold.standing import judge_text
from conformance.fold.syntax import whole_expression
from conformance.fold.tables import judge_default
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import collation, type_name
from conformance.model.record import replace

_COUNTING = (
    "restart",
    *(f"set {word}" for word in ("increment", "start", "minvalue", "maxvalue", "cache", "no", "cycle")),
)
"""How the sequence of an identity column counts, which is not looked at."""

Change = Callable[[Schema], Schema]

_DROPS, _TYPES, _ATTRIBUTES, _OTHERS, _REST = 0, 1, 4, 6, 7
_STRINGS = frozenset({"text", "varchar"})
_FAMILIES = (
    {"int2", "int4", "int8", "numeric", "float4", "float8"},
    {"text", "varchar", "bpchar", "name"},
    {"date", "timestamp", "timestamptz"},
    {"json", "jsonb"},
)


def alter_column(number: int, cursor: Cursor, major: int) -> list[tuple[int, Change]]:
    """What ALTER COLUMN does, each with the pass in which PostgreSQL does it."""
    cursor.takes("column")
    name = cursor.name()
    if cursor.takes("set", "data", "type") or cursor.takes("type"):
        return [(_TYPES, _typed(number, name, cursor))]
    if cursor.takes("set", "default"):
        made = default(cursor)
        cursor.ends()
        return [(_OTHERS, _defaulted(number, name, made))]
    if cursor.takes("drop", "default"):
        cursor.ends()
        return [(_DROPS, _each(number, name, lambda column: replace(_plain(column), default=None)))]
    if cursor.takes("set", "not", "null"):
        cursor.ends()
        constraint = Constraint(kind="not null", columns=(name,))
        return [(_ATTRIBUTES, lambda schema: constraints.add(schema, number, constraint))]
    if cursor.takes("drop", "not", "null"):
        cursor.ends()
        return [(_DROPS, lambda schema: _nullable(schema, number, name))]
    if cursor.sees("add", "generated"):
        return [(_ATTRIBUTES, _identity(number, name, cursor))]
    if cursor.takes("drop", "identity") or cursor.takes("drop", "expression"):
        what = cursor.found[cursor.at - 1].value
        gently = cursor.takes("if", "exists")
        cursor.ends()
        return [(_DROPS, lambda schema: _computed_no_more(schema, number, name, what, gently=gently))]
    if cursor.takes("set", "generated"):
        kind = "always" if cursor.takes("always") else "by default"
        if kind == "by default":
            cursor.needs("by", "default")
        return [(_REST, _each(number, name, lambda column: replace(_with_identity(column), identity=kind)))]
    if cursor.one_of(*_COUNTING):
        return [(_REST, _each(number, name, _with_identity))]
    idle = ("set statistics", "set storage", "set compression", "reset")
    if storage.set_anew("column", cursor, major) or cursor.one_of(*idle):
        return [(_REST, _each(number, name, lambda column: column))]
    raise cursor.odd("this change of a column is not known here")


def _each(number: int, name: str, change: Callable[[Field], Field]) -> Change:
    def do(schema: Schema) -> Schema:
        table = schema.numbered(number)
        column = change(table.column(name))
        table = constraints.with_column(table, column)
        judge_default(schema, table, column)
        return schema.put(table)

    return do


def _defaulted(number: int, name: str, made: Clause) -> Change:
    def do(schema: Schema) -> Schema:
        def given(column: Field) -> Field:
            return replace(_plain(column), default=kept(schema, made, column.type))

        return _each(number, name, given)(schema)

    return do


def _plain(column: Field) -> Field:
    if column.identity or column.generated:
        raise Refused("syntax_error", f"{column.name} is generated, and has no default to change")
    return column


def _with_identity(column: Field) -> Field:
    if not column.identity:
        raise Refused("object_not_in_prerequisite_state", f"{column.name} is no identity column")
    return column


def _nullable(schema: Schema, number: int, name: str) -> Schema:
    table = schema.numbered(number)
    column = table.column(name)
    if column.not_null:
        constraints.judge_nullable(table, name)
    return schema.put(constraints.with_column(table, replace(column, not_null="", not_null_validated=True)))


def _identity(number: int, name: str, cursor: Cursor) -> Change:
    cursor.needs("add", "generated")
    kind = "always" if cursor.takes("always") else "by default"
    if kind == "by default":
        cursor.needs("by", "default")
    cursor.needs("as", "identity")
    if cursor.sees("("):
        cursor.group()
    cursor.ends()

    def do(schema: Schema) -> Schema:
        table = schema.numbered(number)
        column = table.column(name)
        if not column.not_null or column.identity or column.default is not None:
            raise Refused("object_not_in_prerequisite_state", f"{name} cannot become an identity column")
        sequence = Relation(
            number=0,
            schema=table.schema,
            name=sequence_name(schema, table.schema, table.name, name),
            kind="S",
            owner=(number, name),
        )
        return schema.add(sequence).put(constraints.with_column(table, replace(column, identity=kind)))

    return do


def _computed_no_more(schema: Schema, number: int, name: str, what: str, *, gently: bool) -> Schema:
    table = schema.numbered(number)
    column = table.column(name)
    if what == "identity" and column.identity:
        owned = [one.number for one in schema.relations.owned((number,), name)]
        return schema.put(constraints.with_column(table, replace(column, identity=""))).without(*owned)
    if what == "expression" and column.generated == "stored":
        return schema.put(constraints.with_column(table, replace(column, generated="", default=None)))
    if gently and not (what == "expression" and column.generated):
        return schema
    raise Refused("object_not_in_prerequisite_state", f"{name} has no {what} to drop")


def _typed(number: int, name: str, cursor: Cursor) -> Change:
    """TYPE: what hangs on the column is made anew by the server, which is known here only where it stays as it is."""
    of = type_name(cursor)
    ordered = collation(cursor) if cursor.takes("collate") else ()
    using = None
    if cursor.takes("using"):
        using = cursor.rest()
        cursor.at = len(cursor.found)
    cursor.ends()

    def do(schema: Schema) -> Schema:
        table = schema.numbered(number)
        column = table.column(name)
        to = Meaning(schema).ref(of)
        table = _with_hanging(schema, table, column, to)
        if using is not None:
            judge_text(schema, table, using, TRANSFORM)
        else:
            _judge_cast(column.type, to)
        own = () if ordered == ("default",) else ordered
        after = replace(table.column(name), type=to, collation=own)
        table = constraints.with_column(table, after)
        judge_default(schema, table, after)
        if to != column.type:
            judge_again(schema, table, name)
        return schema.put(table)

    if using is not None:
        whole_expression_or_none(using)
    return do


def _judge_cast(before: TypeRef, after: TypeRef) -> None:
    """Raises `Acting` where the server may find no way from the old type to the new one by itself."""
    if (before.name, before.number, before.array) == (after.name, after.number, after.array):
        return
    if before.array or after.array or before.number is not None or after.number is not None:
        raise Acting("whether the old type becomes the new one by itself is not known here")
    if not (after.name in _STRINGS or any({before.name, after.name} <= family for family in _FAMILIES)):
        raise Refused("datatype_mismatch", f"{before.name} does not become {after.name} by itself")


def whole_expression_or_none(text: str) -> None:
    """Any expression may say how a value becomes another: what it computes is of rows, and not looked at."""
    try:
        whole_expression(Cursor(text))
    except Refused:
        raise
    except NotUnderstood:
        return


def _with_hanging(schema: Schema, table: Relation, column: Field, after: TypeRef) -> Relation:
    """The table with what hangs on the column as it is then. Raises `Acting`, for it may also be refused, where that is
    not known."""
    name = column.name
    if view := next((one for one in schema.relations.tied(views=True) if seen(table, one, name)), None):
        raise Acting(f"whether the view {view.name} keeps {name} from another type is not known here")
    policies.judge_column(schema, table, name)
    if trigger := next((one for one in table.reactions if name in one.update_columns), None):
        raise Refused("feature_not_supported", f"the trigger {trigger.name} is about {name}, which keeps its type")
    longer = column.type.name and (column.type.name, column.type.array) == (after.name, after.array)
    if after == column.type or longer:
        return table
    strings = {column.type.name, after.name} <= _STRINGS and not (column.type.array or after.array)
    whole = is_whole(column.type) and is_whole(after)
    hanging = [*_about_rows(table, name), *([name] if column.generated else [])]
    if not strings:
        hanging += [one.name for one in table.indexes if index_has(one, name) and any(key.opclass for key in one.keys)]
    if not (whole or strings):
        hanging += _keys_of(schema, table, name)
        hanging += [] if is_lasting(column.default, column.type, after) else ["its default"]
        hanging += ["its sequence"] if column.identity else []
    if hanging:
        raise Acting(f"what becomes of {hanging[0]} once {name} is of another type is not known here")
    return read_again(schema, table, name)


def _keys_of(schema: Schema, table: Relation, name: str) -> list[str]:
    """The foreign keys of the column, and those to it."""
    found = [key.name for key in table.references if name in key.columns]
    return found + [
        key.name
        for other in schema.relations.tied(to=(table.number,))
        for key in other.references
        if key.target == table.number and name in key.target_columns
    ]


def _about_rows(table: Relation, name: str) -> list[str]:
    """What computes with the column's value for each row: other columns, and triggers."""
    found = [other.name for other in table.columns if other.generated and speaks_of(other.default, name)]
    found += [trigger.name for trigger in table.reactions if speaks_of(trigger.when, name)]
    return found
