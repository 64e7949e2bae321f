"""A default as its column has it: made as long as the column's type says; and NULL, which is mostly as none."""

from __future__ import annotations

from conformance.fold.coercion import built_in
from conformance.fold.condition import Clause
from conformance.fold.made import Made
from conformance.fold.nodes import Cast, Literal, Node
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Schema, TypeRef
from conformance.model.record import replace

_CUT = frozenset({"CONST", "FUNCEXPR"})
_EACH_CUT = frozenset({"ARRAYCOERCEEXPR", "CASETESTEXPR"})


def kept(schema: Schema, clause: Clause | None, ref: TypeRef) -> Clause | None:
    """The default that is kept: none for NULL, unless the type has a modifier, or is a domain with a default that NULL
    takes the place of."""
    if clause is None or clause.node is None or not _is_null(clause.node, ref):
        return clause
    if ref.modifiers or (ref.number is not None and schema.type_of(ref.number).kind == "d"):
        return replace(clause, node=Literal(kind="null", value=""))
    return None


def _is_null(node: Node, ref: TypeRef) -> bool:
    """Whether it is NULL, by itself or cast to the very type of the column."""
    if isinstance(node, Cast) and isinstance(node.arg, Literal):
        own = not node.type.modifiers and node.type.schema in (None, "pg_catalog")
        return node.arg.kind == "null" and own and (node.type.name, node.type.array) == (ref.name, ref.array)
    return isinstance(node, Literal) and node.kind == "null"


def null(schema: Schema, ref: TypeRef) -> Made:
    """NULL as the default of a column of this type. Raises `NotUnderstood`."""
    base = ref if ref.number is None else schema.type_of(ref.number).base
    if base is None or base.number is not None or (ref.number is not None and base.modifiers):
        raise NotUnderstood("NULL as a default of such a type is not known here")
    kind = built_in(base.name, array=base.array)
    printed = "bpchar" if kind.name == "bpchar" and not kind.array else kind.declared
    made = Made(text=f"NULL::{printed}", kind=kind, nodes=frozenset({"CONST"}))
    return replace(made, nodes=made.nodes | {"COERCETODOMAIN"}) if ref.number is not None else cut(made, ref)


def cut(made: Made, ref: TypeRef) -> Made:
    """The expression, made as long as the type of a column says."""
    if ref.number is not None or not ref.modifiers:
        return made
    nodes = made.nodes | _CUT | (_EACH_CUT if ref.array else frozenset())
    return replace(made, nodes=nodes, functions=tuple(dict.fromkeys([*made.functions, ref.name])))
