"""A column's type, and the enums, domains and extensions that have to be there before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conformance.model.catalog import Domain, Expression, Type
from conformance.model.particulars import Collation
from conformance.model.sql import identifier, literal, qualified
from conformance.rebuild.trust import enums, name_in, why_not

EXTENSIONS = {"vector": "vector", "halfvec": "vector", "sparsevec": "vector", "citext": "citext", "hstore": "hstore"}
"""Types that a well-known extension brings; what is in the sandbox under that name is the extension itself."""
_LENGTHS = frozenset({"varchar", "bpchar"})
_COUNTS = frozenset({"bit", "varbit", "time", "timetz", "timestamp", "timestamptz", "vector", "halfvec", "sparsevec"})


class Unbuildable(Exception):
    """Why a part cannot be rebuilt, in one clause."""


def written(type_: Type) -> str:
    """The type in SQL. Raises `Unbuildable`."""
    if type_.domains:
        return qualified(*_domain_name(type_.domains[0]))
    return _base(type_)


def _base(type_: Type) -> str:
    if type_.elements:
        raise Unbuildable(f"its type {type_.declared} is an array of a domain")
    if not type_.shipped and type_.labels is None and type_.name not in EXTENSIONS:
        raise Unbuildable(f"its type {type_.declared} is a stranger's")
    name = type_.name.removeprefix(f"{type_.schema}.")  # stands before what is neither a base type nor an enum
    return f"{qualified(type_.schema, name)}{_modifier(type_)}{'[]' * type_.array}"


def _modifier(type_: Type) -> str:
    name, typmod = type_.name, type_.typmod
    if typmod < 0:
        return ""
    if name in _LENGTHS:
        return f"({typmod - 4})"
    if name in _COUNTS:
        return f"({typmod})"
    if name == "interval":
        fields, precision = typmod >> 16 & 0x7FFF, typmod & 0xFFFF
        return f"({fields})" if precision == 0xFFFF else f"({fields}, {precision})"
    if name == "numeric":
        scale = (typmod - 4) & 0x7FF
        return f"({((typmod - 4) >> 16) & 0xFFFF}, {scale - 0x800 if scale & 0x400 else scale})"
    raise Unbuildable(f"how {type_.declared} is limited cannot be told")


def before(type_: Type, collations: Mapping[str, Collation]) -> Iterator[tuple[str, str]]:
    """What has to be created before the type, innermost first: the schema, and the statement. Raises `Unbuildable`."""
    if type_.labels is not None:
        labels = ", ".join(literal(label) for label in type_.labels)
        yield type_.schema, f"CREATE TYPE {qualified(type_.schema, type_.name)} AS ENUM ({labels})"
    elif not type_.shipped and type_.name in EXTENSIONS:
        extension = identifier(EXTENSIONS[type_.name])
        yield type_.schema, f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {identifier(type_.schema)}"
    inner, below = _base(type_), False
    for domain in reversed(type_.domains):
        schema, name = _domain_name(domain)
        own = collations.get(domain.name)
        if below and own is not None and not own.name:
            own = Collation(name="default")
        yield schema, _domain(domain, qualified(schema, name), inner, enums([type_]), own)
        inner, below = qualified(schema, name), own is not None and own.name not in ("", "default")


def _domain_name(domain: Domain) -> tuple[str, str]:
    if (found := name_in(domain.name)) is None:
        raise Unbuildable(f"the name of its domain {domain.name} cannot be read")
    return found


def _domain(domain: Domain, name: str, inner: str, own: frozenset[str], collation: Collation | None) -> str:
    parts = [f"CREATE DOMAIN {name} AS {inner}"]
    if collation is not None and collation.name:
        if not collation.shipped:
            raise Unbuildable(f"the collation {collation.name} of its domain {domain.name} is a stranger's")
        parts.append(f"COLLATE {qualified('pg_catalog', collation.name)}")
    if domain.default is not None:
        # told by its text alone, whatever is said of its parts
        if why := why_not(Expression(text=domain.default.text), own, in_default=True):
            raise Unbuildable(f"the default of its domain {domain.name}: {why}")
        parts.append(f"DEFAULT {domain.default.text}")
    if domain.not_null:
        parts.append("NOT NULL")
    for check in domain.checks:
        if why := why_not(check.expression, own):
            raise Unbuildable(f"the CHECK {check.name} of its domain {domain.name}: {why}")
        if not check.validated:
            raise Unbuildable(f"the CHECK {check.name} of its domain {domain.name} is NOT VALID")
        parts.append(f"CONSTRAINT {identifier(check.name)} CHECK ({check.expression.text})")
    return " ".join(parts)
