"""Whether the type that a function takes or gives, or that a query casts to, is there."""

from __future__ import annotations

from conformance.fold.nodes import TypeName
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.type_names import BUILT_IN

_RARE = frozenset(
    """aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
    anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange cstring event_trigger fdw_handler
    gtsvector index_am_handler int2vector internal language_handler oidvector record refcursor regcollation
    regdictionary regoper regoperator table_am_handler trigger tsm_handler txid_snapshot unknown void""".split()
)
"""PostgreSQL's own types besides those of which columns are known here."""


def judge(schema: Schema, name: TypeName) -> None:
    """Raises `Refused` where no type has that name, and no table."""
    names = (name.schema, name.name) if name.schema else (name.name,)
    if name.schema in ("pg_catalog", "information_schema") or name.name.startswith(("pg_", "_")):
        return
    if len(names) == 1 and (name.name in BUILT_IN or name.name in _RARE):
        return
    if name.name in schema.doubtful or schema.find_type(names) is not None or schema.find(names) is not None:
        return
    raise Refused("undefined_object", f"the type {name.name} is not known here")
