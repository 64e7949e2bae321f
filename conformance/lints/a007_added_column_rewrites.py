"""A column is added whose value has to be worked out for each row that is there.

In production: the table is written anew while everybody waits (ACCESS EXCLUSIVE): a default that is volatile, a
generated column that is stored, an identity or a serial, a domain that has constraints.

Example: `ALTER TABLE tasks ADD COLUMN key uuid DEFAULT gen_random_uuid();`

Instead: add the column without it, SET DEFAULT for the rows to come, and fill the old ones in batches.

Silent: constants, now() and what else is the same for all rows, which PostgreSQL keeps once; on a table that the same
file makes, or of which --rows says that it has few rows.

Limits: a function of one's own is taken to be volatile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from conformance.deeds.asking import added_columns
from conformance.model.deed import ColumnDefinition, DomainForm
from conformance.model.lint import Hit, Place

LEVEL = "error"

_CALL = re.compile(r"([a-z_][\w.]*)\"?\s*\(", re.IGNORECASE)
_STRING = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_STABLE = frozenset(
    """now transaction_timestamp statement_timestamp current_timestamp current_date current_time localtime
    localtimestamp timezone age date_part date_trunc date_bin extract to_char to_date to_timestamp to_number
    make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours justify_interval
    abs ceil ceiling floor round trunc sign mod power sqrt length char_length character_length octet_length
    bit_length lower upper initcap concat concat_ws left right lpad rpad repeat replace reverse split_part substr
    substring overlay position strpos trim btrim ltrim rtrim translate ascii chr md5 sha224 sha256 sha384 sha512
    encode decode format quote_ident quote_literal quote_nullable string_to_array array_to_string array_append
    array_prepend array_cat array_fill array_length cardinality to_json to_jsonb json_build_object json_build_array
    jsonb_build_object jsonb_build_array json_object jsonb_object row_to_json current_setting int4range int8range
    numrange tsrange tstzrange daterange to_tsvector host text""".split()
)
_FORMS = frozenset(
    """array interval coalesce nullif greatest least cast row numeric varchar char decimal vector timestamp timestamptz
    time bit varying character""".split()
)
"""What stands before a parenthesis, and is no function."""


def look(place: Place) -> Iterator[Hit]:
    for column in added_columns(place):
        if not place.known.small(place.deed.table) and (why := _why(column, place.known.domains)):
            yield Hit(
                span=column.span,
                message=f"{place.deed.table} is written anew while everybody waits: {column.name} is {why}",
            )


def _why(column: ColumnDefinition, domains: Mapping[str, DomainForm]) -> str:
    domain = domains.get(column.type.rpartition(".")[2])
    if domain is not None and domain.constrained:
        return f"of the domain {column.type}, whose constraints look at each row"
    if column.generated == "stored":
        return "generated and stored"
    if column.identity or column.type in ("serial", "bigserial", "smallserial"):
        return "numbered row by row"
    spelled = _STRING.sub("''", column.default or "")
    for call in _CALL.findall(spelled) if not column.generated else ():
        if call.lower().removeprefix("pg_catalog.") not in _STABLE | _FORMS:
            return f"given by {call}(), which may be another value for each row"
    return ""
