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

from conformance.deeds.asking import after_words, inserted
from conformance.model.deed import Deed, Span
from conformance.model.lint import Edit, Hit, Place

LEVEL = "warning"

_REPLACED = frozenset({"create function", "create procedure", "create view", "create trigger", "create rule"})
_IF_NOT_EXISTS = frozenset(
    {"create table", "create index", "create schema", "create sequence", "create extension", "create materialized view"}
)
_TRIGGERS = 14
"""Since when a trigger can be replaced."""
_SAFELY = frozenset({"create function", "create procedure"})
_NEITHER = frozenset({"create type", "create domain", "create policy", "create role", "create user"})


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.guarded or place.script.whole:
        return
    for span, what, words, instead in _once(deed, place.major):
        if not _dropped_before(place, what):
            message = f"run again, it stops here: {what} is there already" + (f"; write {instead}" if instead else "")
            yield Hit(span=span, message=message, edits=_edits(place, span, words, instead))
    for span, name, words in _drops(deed):
        message = f"run again, it stops here: {name} is gone already; write IF EXISTS"
        yield Hit(span=span, message=message, edits=_edits(place, span, words, "IF EXISTS"))


def _edits(place: Place, span: Span, words: tuple[str, ...], instead: str) -> tuple[Edit, ...]:
    """The words that are lacking, behind those that are there; `column` may be left out."""
    if not instead or not words or len(place.statement.deeds) > 1:
        return ()
    at = after_words(place, span.start, *words)
    if at < 0 and words[-1] == "column":
        at = after_words(place, span.start, *words[:-1])
    return inserted(at, f" {instead}")


def _once(deed: Deed, major: int) -> Iterator[tuple[Span, str, tuple[str, ...], str]]:
    """What can be done only once: its place, its name, the words behind which others are lacking, and these."""
    verb, kind = deed.verb, deed.verb.partition(" ")[2]
    if verb in _IF_NOT_EXISTS and not deed.flags & {"if not exists", "temp", "temporary"}:
        modifiers = [flag for flag in ("unlogged", "unique") if flag in deed.flags]
        words = ("create", *modifiers, *kind.split(), *(["concurrently"] if "concurrently" in deed.flags else []))
        named = bool(deed.name)
        yield deed.span, deed.name or f"an index on {deed.table}", words if named else (), "IF NOT EXISTS"
    elif verb in _REPLACED and "or replace" not in deed.flags:
        instead = "DROP TRIGGER IF EXISTS before it" if verb == "create trigger" and major < _TRIGGERS else "OR REPLACE"
        yield deed.span, deed.name, ("create",) if verb in _SAFELY else (), instead
    elif verb in _NEITHER:
        yield deed.span, deed.name, (), ""
    elif verb == "alter type add value" and "if not exists" not in deed.flags:
        yield deed.span, repr(deed.text), (), "IF NOT EXISTS"
    for action in deed.actions:
        if action.verb == "add column" and "if not exists" not in action.flags:
            yield action.span, action.name, ("add", "column"), "IF NOT EXISTS"
        elif action.verb == "add constraint" and action.name:
            yield action.span, action.name, (), ""
        elif action.verb.startswith("rename"):
            yield action.span, action.text or action.name, (), ""


def _drops(deed: Deed) -> Iterator[tuple[Span, str, tuple[str, ...]]]:
    if deed.verb.startswith("drop ") and "if exists" not in deed.flags and deed.verb != "drop owned":
        words = tuple(deed.verb.split())
        yield deed.span, deed.name, (*words, "concurrently") if "concurrently" in deed.flags else words
    for action in deed.actions:
        if action.verb in ("drop column", "drop constraint") and "if exists" not in action.flags:
            yield action.span, action.name, tuple(action.verb.split())


def _dropped_before(place: Place, name: str) -> bool:
    """Whether the file has dropped it IF EXISTS, in this very statement too."""
    own = (a for a in place.deed.actions if a.verb.startswith("drop") and "if exists" in a.flags)
    return place.known.dropped(name) or any(action.name == name for action in own)
