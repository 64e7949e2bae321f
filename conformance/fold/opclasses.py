"""The operator classes of indexes: which is a type's own, and which come with PostgreSQL or a known extension."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from conformance.fold.type_names import MULTIRANGES, RANGES
from conformance.model.catalog import Type

_SHARED = frozenset(
    """bool int2 int4 int8 numeric float4 float8 text bpchar name uuid date time timetz timestamp timestamptz interval
    bytea char inet jsonb macaddr money oid pg_lsn tid xid8 macaddr8""".split()
)
_RARE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bit": ("bit_ops", ("btree",)),
    "varbit": ("varbit_ops", ("btree",)),
    **dict.fromkeys(MULTIRANGES, ("multirange_ops", ("btree", "hash", "gist"))),
}
"""The operator class of a type, and the methods that have it."""
_SAME_AS: Mapping[str, str] = {"varchar": "text", "cidr": "inet"}
_GIN: Mapping[str, str] = {"jsonb": "jsonb_ops", "tsvector": "tsvector_ops"}
_GIST: Mapping[str, str] = {"tsvector": "tsvector_ops", "point": "point_ops"}
_OF_VECTORS: Mapping[str, str] = {
    "vector": "vector_l2_ops",
    "halfvec": "halfvec_l2_ops",
    "sparsevec": "sparsevec_l2_ops",
}
_ONLY: Mapping[str, tuple[str, ...]] = {
    "text_pattern_ops": ("text", "varchar"),
    "varchar_pattern_ops": ("text", "varchar"),
    "jsonb_path_ops": ("jsonb",),
    "gin_trgm_ops": ("text", "varchar"),
    "vector_cosine_ops": ("vector",),
    "vector_l2_ops": ("vector",),
    "vector_ip_ops": ("vector",),
}
KNOWN = frozenset(
    """text_pattern_ops varchar_pattern_ops bpchar_pattern_ops jsonb_path_ops vector_cosine_ops vector_ip_ops
    vector_l2_ops vector_l1_ops halfvec_cosine_ops halfvec_ip_ops halfvec_l2_ops gin_trgm_ops gist_trgm_ops
    citext_ops citext_pattern_ops array_ops enum_ops range_ops record_ops""".split()
)


def default_for(of: Type, method: str) -> str | None:
    """The operator class that an index of this method has for the type, where that is known here."""
    if of.array:
        return "array_ops" if method in ("btree", "hash", "gin") else None
    if of.labels is not None:
        return "enum_ops" if method in ("btree", "hash") else None
    name = _SAME_AS.get(of.name, of.name)
    if not of.shipped:
        if of.name == "citext" and method in ("btree", "hash"):
            return "citext_ops"
        if "." in of.name and method == "gist":
            return "range_ops"
        return _OF_VECTORS.get(of.name) if method == "ivfflat" else "vector_ops" if method == "btree" else None
    if (method in ("btree", "hash") and name in _SHARED) or (method == "btree" and name in ("tsvector", "tsquery")):
        return f"{name}_ops"
    if name.removeprefix("pg_catalog.") in RANGES and method in ("btree", "hash", "gist", "spgist"):
        return "range_ops"
    rare, methods = _RARE.get(name.removeprefix("pg_catalog."), ("", ()))
    if method in methods:
        return rare
    if method == "gin":
        return _GIN.get(name)
    if method == "gist":
        return _GIST.get(name)
    if method == "brin" and name in _SHARED - {"bool", "jsonb"}:
        return f"{name}_minmax_ops"
    return None


def lacks(of: Type, method: str, extensions: Collection[str]) -> bool:
    """Whether an index of this method has no operator class for the type, as far as that is certain."""
    if of.array or of.labels is not None or not of.shipped:
        return False
    if method in ("btree", "hash"):
        return of.name in ("json", "xml", "point")
    plain = _SAME_AS.get(of.name, of.name) in _SHARED
    return plain and (
        (method == "gin" and of.name != "jsonb" and "btree_gin" not in extensions)
        or (method == "gist" and "btree_gist" not in extensions)
    )


def takes(opclass: str, of: Type) -> bool:
    """Whether the operator class is for the type, as far as is known here."""
    wanted = _ONLY.get(opclass)
    return wanted is None or (not of.array and of.labels is None and of.name in wanted)


def known(opclass: str) -> bool:
    """Whether the operator class is one that PostgreSQL or an extension brings."""
    return opclass in KNOWN or opclass.removesuffix("_ops").removesuffix("_minmax") in _SHARED
