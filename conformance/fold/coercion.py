"""The types of expressions: which of them PostgreSQL makes of others by itself, and how it prints that."""

from __future__ import annotations

from conformance.fold.constants import constant
from conformance.fold.made import Kind, Made, joined
from conformance.fold.operators import COMPARING, INTEGERS, comparison
from conformance.fold.refusals import NotUnderstood
from conformance.fold.type_names import BUILT_IN
from conformance.model.record import replace

_PRINTED = frozenset(
    {"int2", "int4", "int8", "numeric", "float4", "float8", "uuid", "json", "jsonb", "date", "timestamp", "timestamptz"}
)
"""The types that become a text by being printed, and not by a function of their own."""
_RANK = ("int2", "int4", "int8", "numeric", "float4", "float8")


def built_in(name: str, *, array: bool = False) -> Kind:
    """One of PostgreSQL's own types."""
    return Kind(name=name, declared=BUILT_IN[name] + ("[]" if array else ""), array=array)


BOOL, TEXT, INT4 = built_in("bool"), built_in("text"), built_in("int4")


def common(made: list[Made]) -> Kind:
    """The type that several expressions have in common."""
    kinds = list(dict.fromkeys(base_of(one.kind) for one in made if one.kind is not None))
    if not kinds:
        return TEXT
    if len(kinds) == 1:
        return kinds[0]
    if all(not kind.array and kind.name in _RANK for kind in kinds):
        return max(kinds, key=lambda kind: _RANK.index(kind.name))
    raise NotUnderstood("which type several types have in common cannot be told here")


def compared(op: str, left: Made, right: Made) -> tuple[Made, Made, str]:
    """Both sides of a comparison, made of types that an operator compares, and its function."""
    if op not in COMPARING:
        raise NotUnderstood(f"the operator {op} is not known here")
    if left.kind is None and right.kind is None:
        left, right = coerced(left, TEXT), coerced(right, TEXT)
    kind = left.kind or right.kind
    if kind is None or (left.kind and left.kind.array) or (right.kind and right.kind.array):
        raise NotUnderstood("a comparison of arrays is not known here")
    base = base_of(kind)
    wanted = TEXT if base.name == "varchar" else base
    if left.kind is None or right.kind is None:
        left, right = coerced(left, wanted), coerced(right, wanted)
    elif base_of(left.kind) != base_of(right.kind) or base.name == "varchar" or left.kind.domain or right.kind.domain:
        left, right = _levelled(left, right)
    function = comparison(op, named(left), named(right)) or of_enum(left.kind, op)
    if not function:
        raise NotUnderstood(f"{op} of the types {named(left)} and {named(right)} is not known here")
    return left, right, function


def _levelled(left: Made, right: Made) -> tuple[Made, Made]:
    names = {named(unwrapped(left)), named(unwrapped(right))}
    if names <= set(INTEGERS):
        return unwrapped(left), unwrapped(right)
    if names <= {"text", "varchar"}:
        return coerced(left, TEXT), coerced(right, TEXT)
    if names <= set(_RANK) and not names.isdisjoint({"float4", "float8"}):
        return _floating(unwrapped(left)), _floating(unwrapped(right))
    if names <= set(_RANK):
        kind = built_in(max(names, key=_RANK.index))
        return coerced(left, kind), coerced(right, kind)
    if len(names) == 1:
        return unwrapped(left), unwrapped(right)
    raise NotUnderstood(f"a comparison of {' and '.join(sorted(names))} is not known here")


def _floating(made: Made) -> Made:
    """One side of a comparison with a float: whole and exact numbers become the longer one, whatever the other side is;
    a shorter one is compared as it is."""
    return made if named(made) == "float4" else coerced(made, built_in("float8"))


def unwrapped(made: Made) -> Made:
    """What is of a domain, as its type."""
    if made.kind is None or not made.kind.domain:
        return made
    return coerced(made, base_of(made.kind))


def told(made: Made) -> Made:
    """A string that nothing says the type of is a text."""
    return coerced(made, TEXT) if made.kind is None else made


def coerced(made: Made, kind: Kind, *, casting: bool = False, assigning: bool = False) -> Made:
    """The expression as one of this type, by a cast that PostgreSQL makes by itself, or that somebody wrote."""
    if made.kind is None:
        return constant(made.literal or "", replace(kind, domain=False))
    if made.kind == kind:
        return made
    text, base = f"({made.text})::{kind.declared}", base_of(made.kind)
    relabels = {base.name, kind.name} <= {"text", "varchar"} and not kind.array and not base.array
    same = (base.name, base.array, base.strange) == (kind.name, kind.array, kind.strange)
    if same and not kind.domain:
        return joined(text, kind, "RELABELTYPE", [made]) if base.name != kind.name or made.kind.domain else made
    if relabels and (kind.name == "text" or casting or assigning):
        return joined(text, kind, "RELABELTYPE", [made])
    both = base.name in _RANK and kind.name in _RANK and not (base.array or kind.array)
    if both and (casting or assigning or _RANK.index(base.name) < _RANK.index(kind.name)):
        return joined(text, kind, "FUNCEXPR", [made], kind.name)
    if assigning and (base.name, kind.name) == ("name", "text") and not (base.array or kind.array):
        return joined(text, kind, "FUNCEXPR", [made], kind.name)
    if assigning and {base.name, kind.name} <= {"timestamptz", "timestamp", "date"}:
        return joined(text, kind, "FUNCEXPR", [made], kind.name)
    if assigning and {base.name, kind.name} == {"json", "jsonb"} and not (base.array or kind.array):
        return joined(text, kind, "COERCEVIAIO", [made])
    if assigning and kind.name in ("text", "varchar") and not base.array and not kind.array:
        if base.name == "bool":
            return joined(text, kind, "FUNCEXPR", [made], kind.name)
        if base.name in _PRINTED:
            return joined(text, kind, "COERCEVIAIO", [made])
    raise NotUnderstood(f"a cast from {made.kind.declared} to {kind.declared} is not known here")


def base_of(kind: Kind) -> Kind:
    """The type that a domain is around."""
    if not kind.domain:
        return kind
    return built_in(kind.name, array=kind.array) if kind.name in BUILT_IN else replace(kind, domain=False)


def implicit(kind: Kind, wanted: Kind) -> bool:
    base = base_of(kind)
    return base == wanted or (base.name, wanted.name) == ("varchar", "text")


def named(made: Made) -> str:
    return made.kind.name if made.kind is not None else ""


def of_enum(kind: Kind | None, op: str) -> str:
    return "enum_eq" if kind is not None and kind.labels is not None and op == "=" else ""
