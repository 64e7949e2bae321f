"""Expressions as PostgreSQL prints them under an empty `search_path`, with what it says of their parse trees.

The types of all parts are worked out as PostgreSQL does it, as far as it is plain; where it is not, `NotUnderstood` is
raised, and the expression is one that only a server reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conformance.fold.coercion import (
    BOOL,
    TEXT,
    base_of,
    built_in,
    coerced,
    common,
    compared,
    implicit,
    named,
    of_enum,
    told,
    unwrapped,
)
from conformance.fold.constants import constant
from conformance.fold.made import Kind, Made, joined
from conformance.fold.names import Names
from conformance.fold.nodes import (
    Array,
    Call,
    Cast,
    Coalesce,
    Column,
    IsDistinct,
    IsNull,
    IsTruth,
    Junction,
    Literal,
    Node,
    Not,
    Operation,
    Quantified,
    Word,
)
from conformance.fold.opaque import SYSTEM
from conformance.fold.operators import FUNCTIONS, INTEGERS, OPERATORS, PATTERNS, SINCE, WORDS, comparison
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.model.record import replace
from conformance.model.sql import identifier, qualified


class Deparser:
    """Prints expressions over these columns of a `table`; a domain's own value is the column `value`, and the WHEN of a
    trigger is about two `rows`."""

    def __init__(
        self,
        names: Names,
        columns: Mapping[str, Kind],
        *,
        domain: bool = False,
        table: str = "",
        rows: tuple[str, ...] = (),
    ) -> None:
        self.names = names
        self.columns = columns
        self.domain = domain
        self.table = table
        self.rows = rows

    def condition(self, node: Node) -> Made:
        """An expression that is true or false."""
        return coerced(self.made(node), BOOL)

    def assigned(self, node: Node, kind: Kind) -> Made:
        """An expression as it is assigned to a column: casts that nobody wrote are not printed."""
        made = self.made(node)
        if made.kind is None or made.kind == kind:
            return coerced(made, kind)
        if (made.kind.name, kind.name) == ("name", "varchar"):
            raise NotUnderstood("how a name is cut to a length is not known here")
        plain = replace(kind, domain=False)
        if made.kind == plain and not kind.domain:
            return made
        try:
            after = coerced(made, plain, assigning=True)
        except NotUnderstood as error:
            raise Refused("datatype_mismatch", str(error)) from None
        return replace(after, text=made.text if made.literal is None or after.literal is None else after.text)

    def made(self, node: Node) -> Made:
        """The expression, of whatever type it is."""
        maker: Callable[[Node], Made] = getattr(self, f"_{type(node).__name__.lower()}")
        return maker(node)

    # --- the parts ---

    def _literal(self, node: Literal) -> Made:
        if node.kind == "string":
            return Made(text="", kind=None, literal=node.value)
        if node.kind == "null":
            raise NotUnderstood("NULL in an expression is not known here")
        if node.kind == "bool":
            return constant(node.value, BOOL)
        if node.kind == "int":
            value = int(node.value)
            name = "int4" if -(2**31) <= value < 2**31 else "int8" if -(2**63) <= value < 2**63 else "numeric"
            return constant(node.value, built_in(name))
        return constant(node.value, built_in("numeric"))

    def _column(self, node: Column) -> Made:
        if self.rows and node.of not in self.rows:
            raise NotUnderstood(f"of which row {node.name} is cannot be told")
        if node.of and node.of not in (self.table, *self.rows):
            raise Refused("undefined_table", f"{node.of} is not the table that the expression is about")
        kind = self.columns.get(node.name)
        if kind is None:
            if node.name in SYSTEM and (self.rows or node.name == "tableoid"):
                raise NotUnderstood(f"{node.name}, which each table has of itself, is not known here")
            raise Refused("undefined_column", f"there is no column {node.name}")
        if self.domain:
            return joined("VALUE", kind, "COERCETODOMAINVALUE", ())
        row = f"{node.of}." if self.rows else ""
        return joined(row + identifier(node.name), kind, "VAR", ())

    def _word(self, node: Word) -> Made:
        found = WORDS.get(node.word)
        if found is None:
            raise NotUnderstood(f"{node.word.upper()} in an expression is not known here")
        made = joined(node.word.upper(), built_in(found[0]), "SQLVALUEFUNCTION", ())
        return replace(made, volatility="s")

    def _cast(self, node: Cast) -> Made:
        kind = self.names.kind(node.type)
        if node.type.modifiers or kind.domain:
            raise NotUnderstood("a cast to a type with a modifier, or to a domain, is not known here")
        if kind.name == "regclass" and isinstance(node.arg, Literal) and node.arg.kind == "string":
            return constant(self.names.relation(node.arg.value), kind)
        if isinstance(node.arg, Array) and kind.array:
            items = [coerced(self.made(item), kind.element) for item in node.arg.items]
            return self._array_of(items, kind, written=True)
        return coerced(self.made(node.arg), kind, casting=True)

    def _array(self, node: Array) -> Made:
        items = [self.made(item) for item in node.items]
        if not items:
            raise Refused("indeterminate_datatype", "of which type an empty array is cannot be told")
        kind = common(items)
        return self._array_of([coerced(item, kind) for item in items], kind, written=False)

    def _array_of(self, items: list[Made], kind: Kind, *, written: bool) -> Made:
        whole = kind if kind.array else replace(kind, array=True, declared=kind.declared + "[]")
        if not items:
            return joined(f"ARRAY[]::{whole.declared}", whole, "ARRAYEXPR", ())
        return joined(f"ARRAY[{', '.join(item.text for item in items)}]", whole, "ARRAYEXPR", items)

    def _coalesce(self, node: Coalesce) -> Made:
        args = [self.made(arg) for arg in node.args]
        kind = common(args)
        args = [coerced(arg, kind) for arg in args]
        return joined(f"COALESCE({', '.join(arg.text for arg in args)})", kind, "COALESCEEXPR", args)

    def _call(self, node: Call) -> Made:
        if node.schema in (None, "pg_catalog"):
            if node.name == "nextval" and len(node.args) == 1:
                return self._nextval(node.args[0])
            if (since := SINCE.get(node.name)) and not node.args and self.names.major >= since[0]:
                made = joined(f"{node.name}()", built_in(since[1]), "FUNCEXPR", (), node.name)
                return replace(made, volatility="v")
            if (found := self._known(node)) is not None:
                return found
        strange = None if node.args else self.names.function(node.schema, node.name)
        if strange is None:
            raise NotUnderstood(f"the function {node.name} is not known here")
        if strange.extension is None and strange.gives is None:
            raise NotUnderstood(f"what the function {node.name} gives is not known here")
        kind = built_in("uuid") if strange.gives is None else self.names.kind(strange.gives)
        called = f"{strange.schema}.{node.name}()"
        made = joined(f"{qualified(strange.schema, node.name)}()", kind, "FUNCEXPR", (), node.name)
        extensions = (called,) if strange.extension else ()
        return replace(made, volatility=strange.volatility, strangers=made.strangers | {called}, extensions=extensions)

    def _known(self, node: Call) -> Made | None:
        args = [self.made(arg) for arg in node.args]
        if args and node.schema is None and self.names.shadowed(node.name):
            raise NotUnderstood(f"which of several functions {node.name} is meant cannot be told here")
        for (name, types), (result, volatility) in FUNCTIONS.items():
            if name != node.name or len(types) != len(args) or (name in SINCE and self.names.major < SINCE[name][0]):
                continue
            if all(
                arg.kind is None or implicit(arg.kind, built_in(type_)) for arg, type_ in zip(args, types, strict=True)
            ):
                args = [coerced(arg, built_in(type_)) for arg, type_ in zip(args, types, strict=True)]
                text = f"{name}({', '.join(arg.text for arg in args)})"
                made = joined(text, built_in(result), "FUNCEXPR", args, name)
                return replace(made, volatility=max(made.volatility, volatility))
        return None

    def _nextval(self, arg: Node) -> Made:
        inner = arg.arg if isinstance(arg, Cast) and arg.type.name == "regclass" else arg
        if not isinstance(inner, Literal) or inner.kind != "string":
            raise NotUnderstood("nextval of what is no constant is not known here")
        sequence = constant(self.names.relation(inner.value), built_in("regclass"))
        made = joined(f"nextval({sequence.text})", built_in("int8"), "FUNCEXPR", (sequence,), "nextval")
        return replace(made, volatility="v")

    def _junction(self, node: Junction) -> Made:
        args = [self.condition(arg) for arg in node.args]
        return joined(f"({f' {node.word.upper()} '.join(arg.text for arg in args)})", BOOL, "BOOLEXPR", args)

    def _not(self, node: Not) -> Made:
        arg = self.condition(node.arg)
        return joined(f"(NOT {arg.text})", BOOL, "BOOLEXPR", [arg])

    def _isnull(self, node: IsNull) -> Made:
        arg = told(self.made(node.arg))
        return joined(f"({arg.text} IS {'NOT ' if node.negated else ''}NULL)", BOOL, "NULLTEST", [arg])

    def _istruth(self, node: IsTruth) -> Made:
        arg = self.condition(node.arg)
        return joined(f"({arg.text} IS {node.truth.upper()})", BOOL, "BOOLEANTEST", [arg])

    def _isdistinct(self, node: IsDistinct) -> Made:
        left, right, function = compared("=", self.made(node.left), self.made(node.right))
        made = joined(f"({left.text} IS DISTINCT FROM {right.text})", BOOL, "DISTINCTEXPR", [left, right], function)
        return joined(f"(NOT {made.text})", BOOL, "BOOLEXPR", [made]) if node.negated else made

    def _operation(self, node: Operation) -> Made:
        left, right = self.made(node.left), self.made(node.right)
        if node.op in PATTERNS:
            left, right = coerced(left, TEXT), coerced(right, TEXT)
            return joined(f"({left.text} {node.op} {right.text})", BOOL, "OPEXPR", [left, right], PATTERNS[node.op])
        if (found := self._operated(node.op, left, right)) is not None:
            return found
        left, right, function = compared(node.op, left, right)
        return joined(f"({left.text} {node.op} {right.text})", BOOL, "OPEXPR", [left, right], function)

    def _operated(self, op: str, left: Made, right: Made) -> Made | None:
        """What an operator gives that compares nothing, where it is known."""
        if left.kind is None or left.kind.array:
            return None
        base = base_of(left.kind)
        wanted = TEXT if base.name == "varchar" else base
        for of, function, gives in OPERATORS.get((op, wanted.name), ()):
            if right.kind is None or implicit(right.kind, built_in(of)):
                left, right = coerced(left, wanted), coerced(right, built_in(of))
                text = f"({left.text} {op} {right.text})"
                return joined(text, built_in(gives), "OPEXPR", [left, right], function)
        return None

    def _quantified(self, node: Quantified) -> Made:
        left = told(self.made(node.left))
        right = self._listed(left, node.right) if node.listed else self.made(node.right)
        if right.kind is None or not right.kind.array or left.kind is None:
            raise NotUnderstood("ANY or ALL of what is no array with a plain type is not known here")
        base = base_of(left.kind)
        element = right.kind.element
        if base.name == element.name == "varchar":
            base = TEXT
        if base.name in ("varchar", "text") and element.name in ("varchar", "text"):
            left, right = coerced(left, TEXT), self._array_as_text(right)
            element = TEXT
        elif base.name in INTEGERS and element.name in INTEGERS:
            left = unwrapped(left)
        else:
            left = coerced(left, element)
        function = PATTERNS.get(node.op, "") if element == TEXT else ""
        function = function or comparison(node.op, named(left), element.name) or of_enum(element, node.op)
        if not function:
            raise NotUnderstood(f"{node.op} of the types {named(left)} and {element.name} is not known here")
        text = f"({left.text} {node.op} {'ALL' if node.every else 'ANY'} ({right.text}))"
        return joined(text, BOOL, "SCALARARRAYOPEXPR", [left, right], function)

    # --- types ---

    def _listed(self, left: Made, node: Node) -> Made:
        """The array that a list of IN becomes: of the type that its elements and what stands before have in common."""
        if not isinstance(node, Array):
            raise NotUnderstood("IN is followed by what is no list")
        items = [self.made(item) for item in node.items]
        if any("VAR" in item.nodes for item in items):
            raise NotUnderstood("a list of IN with columns in it is not known here")
        bare = left if left.kind is None or not left.kind.domain else replace(left, kind=base_of(left.kind))
        kind = common([bare, *items])
        return self._array_of([coerced(item, kind) for item in items], kind, written=False)

    def _array_as_text(self, made: Made) -> Made:
        if made.kind is not None and made.kind.name == "varchar":
            kind = replace(TEXT, array=True, declared="text[]")
            cast = joined(f"({made.text})::text[]", kind, "ARRAYCOERCEEXPR", [made])
            return replace(cast, nodes=cast.nodes | {"CASETESTEXPR", "RELABELTYPE"})
        return made
