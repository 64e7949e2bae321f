"""A statement that fails when the file is run again.

In production: a runner that dies between the migration and its note of it runs it again, and stops there for good.

Example: `CREATE TABLE agent_documents (…);`

Instead: IF NOT EXISTS, IF EXISTS, OR REPLACE, ON CONFLICT; for a constraint, DROP CONSTRAINT IF EXISTS before it, or a
look into pg_constraint in a DO block.

Silent: behind a condition or where the error is caught; in a file that the tool runs in one transaction; for a trigger,
policy or constraint that the file drops IF EXISTS before.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.deed import Deed, Span
from conformance.model.lint import Hit, Place

LEVEL = "warning"

_REPLACED = frozenset({"create function", "create procedure", "create view", "create trigger", "create rule"})
_IF_NOT_EXISTS = frozenset(
    {"create table", "create index", "create schema", "create sequence", "create extension", "create materialized view"}
)
_NEITHER = frozenset({"create type", "create domain", "create policy", "create role", "create user", "create trigger"})


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.guarded or place.script.whole:
        return
    for span, what, instead in _once(deed):
        if not _dropped_before(place, what):
            yield Hit(span=span, message=f"run again, it stops here: {what} is there already{instead}")
    for span, name in _drops(deed):
        yield Hit(span=span, message=f"run again, it stops here: {name} is gone already; write IF EXISTS")


def _once(deed: Deed) -> Iterator[tuple[Span, str, str]]:
    if deed.verb in _IF_NOT_EXISTS and "if not exists" not in deed.flags and "temp" not in deed.flags:
        yield deed.span, deed.name or f"an index on {deed.table}", "; write IF NOT EXISTS"
    elif (deed.verb in _REPLACED and "or replace" not in deed.flags) or deed.verb in _NEITHER - _REPLACED:
        yield deed.span, deed.name, "; write OR REPLACE" if deed.verb in _REPLACED else ""
    elif deed.verb == "alter type add value" and "if not exists" not in deed.flags:
        yield deed.span, repr(deed.text), "; write IF NOT EXISTS"
    for action in deed.actions:
        if action.verb == "add column" and "if not exists" not in action.flags:
            yield action.span, action.name, "; write ADD COLUMN IF NOT EXISTS"
        elif action.verb == "add constraint" and action.name:
            yield action.span, action.name, ""
        elif action.verb.startswith("rename"):
            yield action.span, action.text or action.name, ""


def _drops(deed: Deed) -> Iterator[tuple[Span, str]]:
    if deed.verb.startswith("drop ") and "if exists" not in deed.flags and deed.verb != "drop owned":
        yield deed.span, deed.name
    for action in deed.actions:
        if action.verb in ("drop column", "drop constraint") and "if exists" not in action.flags:
            yield action.span, action.name


def _dropped_before(place: Place, name: str) -> bool:
    """Whether the file has dropped it IF EXISTS, in this very statement too."""
    own = (a for a in place.deed.actions if a.verb.startswith("drop") and "if exists" in a.flags)
    return place.known.dropped(name) or any(action.name == name for action in own)
