"""Statements that are about rows, sessions or roles, and might be about the structure all the same."""

from __future__ import annotations

from itertools import pairwise

from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_HARMLESS = frozenset(
    """abs array_agg avg bool_and bool_or btrim cardinality char_length clock_timestamp coalesce concat concat_ws count
    current_setting date_trunc decode encode extract first_value format gen_random_uuid generate_series greatest
    jsonb_agg jsonb_array_elements jsonb_build_array jsonb_build_object jsonb_object_agg jsonb_set json_build_object
    last_value lag lead least left length lower ltrim max md5 min nextval now nullif pg_advisory_lock
    pg_advisory_unlock pg_advisory_xact_lock pg_get_serial_sequence pg_sleep quote_ident quote_literal random rank
    regexp_replace replace right round row_number rtrim setval split_part statement_timestamp string_agg substring sum
    to_char to_jsonb to_timestamp trim unnest upper uuid_generate_v4 version array_append array_remove array_to_string
    string_to_array transaction_timestamp exists in any all some over filter values partition and or not where from
    select on using as distinct by row array lateral with set when then else is limit returning group""".split()
)
"""Functions that change no structure, and the words that may stand in front of a parenthesis."""

_LASTING = frozenset({"search_path", "session_replication_role", "rename", "add", "drop", "schema"})
_PASSING = frozenset({"all", "search_path"})
_WRITING = frozenset({"into", "update", "from", "only", "truncate", "table"})
_DEFINING = frozenset({"create", "alter", "drop", "execute"})


def looked(schema: Schema, cursor: Cursor, *, procedural: bool) -> Schema:
    """The schema after a statement about rows. Raises `NotUnderstood` where it may be about more."""
    found = cursor.found
    first = found[0].value
    _judge_target(cursor)
    if first in ("select", "with") and not procedural and any(t.kind == "word" and t.value == "into" for t in found):
        inserting = any(t.value == "insert" for t in found)
        if not inserting:
            raise NotUnderstood("SELECT INTO makes a table")
    path = _set_config(schema, cursor)
    if path is not None:
        return path
    strict = first in ("select", "perform", "with", "values", "table")
    for token, follows in pairwise(found):
        if token.kind in ("word", "name") and follows.kind == "op" and follows.value == "(":
            _judge_call(schema, token.value, strict=strict)
    return schema


def _judge_target(cursor: Cursor) -> None:
    """Raises `NotUnderstood` for rows written into the system's own catalogs: these are the structure."""
    for before, token in pairwise(cursor.found):
        if before.value in _WRITING and (token.value.startswith("pg_") or token.value == "information_schema"):
            raise NotUnderstood(f"it writes into {token.value}, which is PostgreSQL's own")


def _judge_call(schema: Schema, name: str, *, strict: bool) -> None:
    own = [function for function in schema.functions if function.name == name and function.extension is None]
    for function in own:
        words = set(function.body.lower().split())
        if function.language not in ("sql", "plpgsql") or words & _DEFINING:
            raise NotUnderstood(f"the function {name} may change the structure")
    if strict and not own and name not in _HARMLESS:
        raise NotUnderstood(f"whether {name}() changes the structure is not known here")


def _set_config(schema: Schema, cursor: Cursor) -> Schema | None:
    """`SELECT set_config('search_path', '…', false)`, as pg_dump writes it."""
    names = [token.value for token in cursor.found]
    if "set_config" not in names:
        return None
    values = [token.value for token in cursor.found if token.kind == "string"]
    if len(values) != 2 or names.count("set_config") != 1 or names[-2:] == ["true", ")"]:
        raise NotUnderstood("which setting is set, and for how long, is not understood")
    if values[0] != "search_path":
        return schema
    path = tuple(one.strip().strip('"') for one in values[1].split(","))
    return replace(schema, path=tuple(one for one in path if one not in ("", "$user", "pg_catalog")))


def judge(cursor: Cursor) -> None:
    """Raises `NotUnderstood` for a setting of a role, a database or a session that changes what stands where."""
    first, *others = (token.value.lower() for token in cursor.found if token.kind != "op")
    if first == "set" and "standard_conforming_strings" in others and others[-1] not in ("on", "true", "1"):
        raise NotUnderstood("it changes how strings are read")
    words = set(others[1:] if first == "alter" else others)
    if words & (_LASTING if first == "alter" else _PASSING if first in ("reset", "discard") else {"schema"}):
        raise NotUnderstood("it may change where names are looked for, or what is enforced")
