"""The statements of migrations folded one after the other, and what of them was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from conformance.fold import statements
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token
from conformance.model.record import Record, replace
from conformance.model.written import Written

_OF_ONE_TABLE = (
    "alter table",
    "create table",
    "create index",
    "create unique index",
    "create trigger",
    "create or replace trigger",
    "create constraint trigger",
    "drop trigger",
    "create rule",
    "create or replace rule",
)
"""What touches the tables that it names, and no other."""

LONGEST = 1_000_000
"""Of how many characters a statement is read."""

_OF_ROWS = re.compile(r"(?:\s|--[^\n]*\n)*(?:insert|update|delete)\b", re.IGNORECASE)


class Doubt(Record):
    """A statement that is not understood, and why; `touches` has the tables that it may be about, by name and by
    number, or is None where it may be about any."""

    statement: Written
    why: str
    touches: frozenset[str | int] | None


class Folded(Record):
    """What the statements build, what of them is in doubt, and how many there are: understood, and irrelevant."""

    schema: Schema
    doubts: tuple[Doubt, ...]
    understood: int
    irrelevant: int


def fold(found: Iterable[Written], tables: Sequence[str], start: Schema) -> Folded:
    """Fold the statements; `tables` are the names that a contract speaks of."""
    schema, doubts, understood, irrelevant = start, list[Doubt](), 0, 0
    file = ""
    set_by: Written | None = None
    for statement in found:
        if statement.file != file:
            if set_by is not None and schema.path != schema.home:
                why = "whether the search_path stays another one in the next file cannot be told here"
                doubts.append(Doubt(statement=set_by, why=why, touches=None))
                schema = replace(schema, path=schema.home)
            file, set_by = statement.file, None
        before = schema.path
        cursor: Cursor | None = None
        try:
            if statement.fault:
                raise NotUnderstood(statement.fault)
            if len(statement.text) > LONGEST:
                if not _OF_ROWS.match(statement.text):
                    raise NotUnderstood(f"it is longer than {LONGEST:,} characters")
                irrelevant += 1
                continue
            cursor = Cursor(statement.text)
            step = statements.fold(schema, cursor)
        except NotUnderstood as error:
            doubts.append(Doubt(statement=statement, why=str(error), touches=_touched(schema, cursor, tables)))
            continue
        except RecursionError:
            doubts.append(Doubt(statement=statement, why="its parts stand too deep in one another", touches=None))
            continue
        schema = step.schema
        set_by = statement if schema.path != before else set_by
        irrelevant += bool(step.irrelevant)
        understood += not step.irrelevant
    return Folded(schema=schema, doubts=tuple(doubts), understood=understood, irrelevant=irrelevant)


def _touched(schema: Schema, cursor: Cursor | None, tables: Sequence[str]) -> frozenset[str | int] | None:
    if cursor is None:
        return None
    found = cursor.found
    head = " ".join(token.value for token in found[:4] if token.kind == "word")
    if not any(f"{head} ".startswith(f"{one} ") for one in _OF_ONE_TABLE) or _goes_further(found):
        return None
    words = {token.value for token in found if token.kind in ("word", "name")}
    text = cursor.text.lower()
    named: set[str | int] = {name for name in tables if name in words or name in text}
    return frozenset(named | {one.number for one in schema.relations.values() if one.name in words})


def _goes_further(found: Sequence[Token]) -> bool:
    """Whether it takes along what hangs on a table, or is about all of them."""
    values = [token.value for token in found]
    alone = any(word == "cascade" and before not in ("delete", "update") for before, word in pairwise(values))
    return alone or values[2:4] == ["all", "in"]
