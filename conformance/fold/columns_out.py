"""Types and columns of a working schema as the catalog has them."""

from __future__ import annotations

from conformance.fold.condition import Clause, Condition
from conformance.fold.defaults import cut, null
from conformance.fold.deparse import Deparser
from conformance.fold.made import Made, analysed, as_default, unread
from conformance.fold.meaning import Meaning
from conformance.fold.nodes import Literal
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Field, Relation, Schema, TypeRef, UserType
from conformance.fold.type_names import BUILT_IN, MULTIRANGES, RANGES
from conformance.model.catalog import UNREAD, Check, Column, Domain, Expression, Type
from conformance.model.record import replace
from conformance.model.sql import qualified

_LENGTHS = frozenset({"varchar", "bpchar"})
_MOMENTS = frozenset({"timestamp", "timestamptz", "time", "timetz"})


class Columns:
    """Takes the columns of a table to what the catalog says of them."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.meaning = Meaning(schema)

    def column(self, table: Relation, field: Field) -> Column:
        """A column."""
        deparser = self.meaning.deparser(table)
        return Column(
            name=field.name,
            type=self.type(field.type),
            not_null=bool(field.not_null),
            not_null_validated=field.not_null_validated,
            default=self._default(deparser, field.default, field.type),
            identity=field.identity,
            generated=field.generated,
            collation=field.collation[-1] if field.collation else "C" if field.type.name == "name" else None,
            inherited=field.inherited > 0,
        )

    def _default(self, deparser: Deparser, clause: Clause | None, of: TypeRef) -> Expression | None:
        if clause is None:
            return None
        try:
            if isinstance(clause.node, Literal) and clause.node.kind == "null":
                return analysed(null(self.schema, of))
            if clause.node is not None:
                return as_default(cut(deparser.assigned(clause.node, self.meaning.kind_of(of)), of))
        except NotUnderstood:
            pass
        return unread(clause.text)

    def type(self, ref: TypeRef) -> Type:
        """A column's type, taken apart."""
        if ref.number is None:
            typmod = _typmod(ref.name, ref.modifiers)
            declared = _declared(ref.name, ref.modifiers) + ("[]" if ref.array else "")
            name = f"pg_catalog.{ref.name}" if ref.name in RANGES | MULTIRANGES else ref.name
            return Type(declared=declared, name=name, typmod=typmod, array=ref.array)
        found = self.schema.type_of(ref.number)
        array = "[]" if ref.array else ""
        modifier = f"({','.join(map(str, ref.modifiers))})" if ref.modifiers else ""
        declared = qualified(found.schema, found.name) + modifier + array
        if found.kind == "d" and found.base is not None:
            base = self.type(found.base)
            own = self._domain(found)
            if ref.array:
                return replace(base, declared=declared, array=True, elements=(own, *base.domains), domains=())
            return replace(base, declared=declared, domains=(own, *base.domains))
        return Type(
            declared=declared,
            name=found.name if found.kind in "bedx" else f"{found.schema}.{found.name}",
            schema=found.schema,
            typmod=ref.modifiers[0] if ref.modifiers else -1,
            array=ref.array,
            shipped=False,
            labels=found.labels if found.kind == "e" else None,
        )

    def _domain(self, found: UserType) -> Domain:
        base = found.base or TypeRef()
        try:
            deparser = Deparser(self.meaning, {"value": self.meaning.kind_of(base)}, domain=True)
        except NotUnderstood:
            deparser = Deparser(self.meaning, {}, domain=True)
        default = self._default(deparser, found.default, base)
        return Domain(
            name=qualified(found.schema, found.name),
            not_null=found.not_null,
            default=None if default is None or UNREAD in (default.nodes or ()) else Expression(text=default.text),
            checks=tuple(
                Check(name=check.name, expression=self.condition(deparser, check.clause), validated=check.validated)
                for check in sorted(found.checks, key=_by_name)
            ),
        )

    def condition(self, deparser: Deparser, clause: Clause) -> Expression:
        """A condition, or what only a server reads."""
        made = self.made(deparser, clause)
        return unread(clause.text) if made is None else analysed(made)

    def made(self, deparser: Deparser, clause: Clause) -> Made | None:
        """A condition as the server would print it, where that is understood."""
        try:
            return deparser.condition(clause.node) if clause.node is not None else None
        except NotUnderstood:
            return None


def _by_name(condition: Condition) -> str:
    return condition.name


def _typmod(name: str, modifiers: tuple[int, ...]) -> int:
    if not modifiers:
        return -1
    if name in _LENGTHS:
        return modifiers[0] + 4
    if name == "numeric":
        scale = modifiers[1] if len(modifiers) > 1 else 0
        return (modifiers[0] << 16 | scale & 0x7FF) + 4
    return modifiers[0]


def _declared(name: str, modifiers: tuple[int, ...]) -> str:
    own = BUILT_IN[name]
    if not modifiers:
        return own
    shown = f"({','.join(map(str, modifiers if name != 'numeric' or len(modifiers) > 1 else (*modifiers, 0)))})"
    if name in _MOMENTS:
        first, _, rest = own.partition(" ")
        return f"{first}{shown} {rest}"
    return own + shown
