"""What the names of types and functions in a statement mean in a schema."""

from __future__ import annotations

from conformance.fold.coercion import built_in
from conformance.fold.condition import Clause
from conformance.fold.deparse import Deparser
from conformance.fold.function import Function
from conformance.fold.made import Kind
from conformance.fold.nodes import TypeName
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema, TypeRef
from conformance.fold.syntax import whole_expression
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import BUILT_IN
from conformance.model.record import replace
from conformance.model.sql import qualified

_SERIAL = {"serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8", "smallserial": "int2"}

_MEASURED = {
    "varchar": (1, 10_485_760),
    "bpchar": (1, 10_485_760),
    "numeric": (1, 1000),
    **dict.fromkeys(("bit", "varbit"), (1, 83_886_080)),
    **dict.fromkeys(("timestamp", "timestamptz", "time", "timetz", "interval"), (0, 100)),
}
"""The types that have a length or a precision, and how large that may be; of moments more than six is cut."""

_MOST_TOKENS = 5_000
"""Of how many tokens an expression is read."""


class Meaning:
    """What names mean where the schema's own path leads."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    @property
    def major(self) -> int:
        """The major of the server."""
        return self.schema.major

    def ref(self, name: TypeName) -> TypeRef:
        """The type that a name means. Raises `NotUnderstood`."""
        if name.schema in (None, "pg_catalog") and name.name in BUILT_IN:
            _judge_modifiers(name)
            return TypeRef(name=name.name, modifiers=name.modifiers, array=name.array)
        found = self.schema.find_type((name.schema, name.name) if name.schema else (name.name,))
        if found is None:
            raise Refused("undefined_object", f"the type {name.name} is not known here")
        return TypeRef(number=found.number, modifiers=name.modifiers, array=name.array)

    def kind(self, name: TypeName) -> Kind:
        """The type that a name means, as expressions have it."""
        return self.kind_of(self.ref(name))

    def kind_of(self, ref: TypeRef) -> Kind:
        """The type of a column, as expressions have it."""
        if ref.number is None:
            return built_in(ref.name, array=ref.array)
        found = self.schema.type_of(ref.number)
        declared = qualified(found.schema, found.name) + ("[]" if ref.array else "")
        if found.kind == "d" and found.base is not None:
            base = self.kind_of(found.base)
            if ref.array:
                raise NotUnderstood(f"an array of the domain {found.name} in an expression is not known here")
            return replace(base, declared=declared, domain=True)
        name, labels = f"{found.schema}.{found.name}", found.labels if found.kind == "e" else None
        strange = f"type {found.schema}.{'_' if ref.array else ''}{found.name}"
        return Kind(name=name, declared=declared, array=ref.array, strange=strange, labels=labels)

    def function(self, schema: str | None, name: str) -> Function | None:
        """A function without arguments that is not PostgreSQL's own."""
        if name not in self.schema.called:
            return None
        places = (schema,) if schema else self.schema.path
        for place in places:
            for found in self.schema.functions:
                if (found.schema, found.name, found.signature) == (place, name, ""):
                    return found
        return None

    def shadowed(self, name: str) -> bool:
        """Whether there is a function of that name that is not PostgreSQL's own."""
        return name in self.schema.called

    def relation(self, name: str) -> str:
        """The relation of that name, as an empty search_path has it printed."""
        found = self.schema.relation(Cursor(name).dotted())
        return qualified(found.schema, found.name)

    def deparser(self, table: Relation, rows: tuple[str, ...] = ()) -> Deparser:
        """What prints the expressions of a table, or the condition of a trigger of it."""
        kinds: dict[str, Kind] = {}
        for column in table.columns:
            try:
                kinds[column.name] = self.kind_of(column.type)
            except NotUnderstood:
                kinds[column.name] = Kind(name="?", declared="?", strange="?")
        return Deparser(self, kinds, table=table.name, rows=rows)


def _judge_modifiers(name: TypeName) -> None:
    """Raises `Refused` where a type has no length, or none of that size."""
    if not name.modifiers:
        return
    if name.name not in _MEASURED:
        raise Refused("invalid_parameter_value", f"the type {name.name} has no length")
    first, *others = name.modifiers
    if len(others) > (name.name == "numeric"):
        raise Refused("invalid_parameter_value", f"{name.name} has too many numbers in parentheses")
    if not _MEASURED[name.name][0] <= first <= _MEASURED[name.name][1]:
        raise Refused("invalid_parameter_value", f"no {name.name} is of the length {first}")


def serial(name: TypeName) -> str:
    """The type that a serial column is of, or "" where it is none."""
    return _SERIAL.get(name.name, "") if name.schema is None and not name.array and not name.modifiers else ""


def clause(cursor: Cursor) -> Clause:
    """All that the cursor has left, as an expression."""
    text = cursor.rest()
    if len(cursor.found) > _MOST_TOKENS:
        cursor.at = len(cursor.found)
        return Clause(text=text, node=None)
    try:
        return Clause(text=text, node=whole_expression(cursor))
    except Refused:
        raise
    except NotUnderstood:
        return Clause(text=text, node=None)
