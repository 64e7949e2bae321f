"""CREATE TEXT SEARCH: whether what is copied, or what a dictionary is made from, is there."""

from __future__ import annotations

from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_CONFIGURATIONS = frozenset(
    """arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian
    indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian simple spanish swedish
    tamil turkish yiddish""".split()
)
_TEMPLATES = frozenset({"simple", "synonym", "ispell", "thesaurus", "snowball"})
_KNOWN = {
    ("configuration", "copy"): _CONFIGURATIONS,
    ("configuration", "parser"): frozenset({"default"}),
    ("dictionary", "template"): _TEMPLATES,
}
"""PostgreSQL's own; `searched` of a schema are those that were made."""


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after CREATE TEXT SEARCH. Raises `Refused`."""
    cursor.needs("create", "text", "search")
    kind = cursor.label()
    name = cursor.dotted()[-1]
    for part in cursor.group().parts():
        what = part.label()
        part.needs("=")
        known = _KNOWN.get((kind, what))
        if known is None or schema.extensions:
            continue
        meant = part.found[-1].value
        if meant not in known | schema.searched and meant not in schema.doubtful:
            raise Refused("undefined_object", f"there is no {what} {meant} of text search here")
    return replace(schema, searched=schema.searched | {name})
