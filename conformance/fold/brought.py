"""Operator classes that an index names: PostgreSQL's own, and those that an extension brings."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.fold.refusals import Refused
from conformance.fold.schema import KeyIndex, Schema

_PLAIN = """aclitem array bit bool box bpchar bytea char cid cidr circle date enum float4 float8 inet int2 int4 int8
    interval jsonb macaddr macaddr8 money multirange name numeric oid oidvector pg_lsn point poly range record text tid
    time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8""".split()
_OTHERS = """bpchar_pattern box_inclusion inet_inclusion jsonb_path kd_point quad_point range_inclusion record_image
    text_pattern varchar_pattern""".split()
_OF_BRIN = ("minmax", "minmax_multi", "bloom")
_OWN = frozenset(
    [f"{name}_ops" for name in (*_PLAIN, *_OTHERS)] + [f"{name}_{how}_ops" for name in _PLAIN for how in _OF_BRIN]
)
_BROUGHT: Mapping[str, str] = {
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "citext_ops": "citext",
    "citext_pattern_ops": "citext",
    "hstore_ops": "hstore",
    "gin_hstore_ops": "hstore",
    "gist_hstore_ops": "hstore",
    "gin__int_ops": "intarray",
    "gist__int_ops": "intarray",
    "gist_ltree_ops": "ltree",
    **{
        f"{name}_{how}_ops": "vector"
        for name in ("vector", "halfvec", "sparsevec")
        for how in ("l2", "l1", "ip", "cosine")
    },
    "bit_hamming_ops": "vector",
    "bit_jaccard_ops": "vector",
}
"""The extension that brings an operator class."""


def judge(schema: Schema, index: KeyIndex) -> None:
    """Raises `Refused` where a key names an operator class that nothing has brought."""
    others = set(schema.extensions) - {"plpgsql", "pgcrypto", "uuid-ossp"}
    for key in index.keys:
        if not key.opclass or key.opclass in _OWN or key.opclass in schema.doubtful:
            continue
        bringing = _BROUGHT.get(key.opclass)
        if (
            bringing in schema.extensions
            or (bringing is None and (others or schema.doubtful))
            or bringing in schema.doubtful
        ):
            continue
        raise Refused("undefined_object", f"nothing has brought the operator class {key.opclass} here")
