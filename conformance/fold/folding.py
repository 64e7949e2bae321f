"""The statements of migrations folded one after the other, and what of them was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from conformance.fold import statements
from conformance.fold.kin import Related
from conformance.fold.paths import judge_late
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import TEMPORARY, Schema
from conformance.fold.temporary import without_temporary
from conformance.fold.tokens import Cursor, Token
from conformance.fold.transactions import Course, judge, transacted
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
    "drop rule",
    "alter rule",
)
"""What touches the tables that it names, and no other."""

LONGEST = 1_000_000
"""Of how many characters a statement is read."""

_OF_ROWS = re.compile(r"(?:\s++|--[^\n]*+\n)*+(?:insert|update|delete)\b", re.IGNORECASE)


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
    folding = Folding(tables, start)
    for statement in found:
        folding.take(statement)
    folding.ends()
    return folding.folded()


class Folding:
    """A schema, statement by statement."""

    def __init__(self, tables: Sequence[str], start: Schema) -> None:
        self._tables = tables
        self._course = Course(schema=start)
        self._doubts: list[Doubt] = []
        self._settled = 0
        self._understood = 0
        self._irrelevant = 0
        self._file = ""
        self._set_by: Written | None = None
        self._begun_by: Written | None = None

    @property
    def schema(self) -> Schema:
        """What there is after the statements so far."""
        return self._course.schema

    def take(self, statement: Written) -> None:
        """One statement more."""
        if statement.file != self._file:
            self._begin(statement.file)
        before, doubts = self._course, len(self._doubts)
        cursor: Cursor | None = None
        try:
            if statement.fault:
                raise NotUnderstood(statement.fault)
            if len(statement.text) > LONGEST:
                self._take_rows(statement)
                return
            cursor = Cursor(statement.text)
            self._step(statement, cursor)
        except NotUnderstood as error:
            self._doubt(statement, error, cursor)
        except RecursionError:
            self._doubt(statement, Acting("its parts stand too deep in one another"), cursor)
        self._settle(before.schema, doubts)
        if self._course.schema.path != before.schema.path:
            self._set_by = statement
        if self._course.marks and not before.marks:
            self._begun_by = statement

    def _step(self, statement: Written, cursor: Cursor) -> None:
        course = transacted(self._course, cursor)
        if course is not None:
            self._course, self._irrelevant = course, self._irrelevant + 1
            return
        cursor.at = 0
        judge(self._course, cursor)
        step = statements.fold(self._course.schema, cursor)
        schema = step.schema
        if schema.lasting is not None and not self._course.marks:
            if schema.path != schema.lasting:
                raise NotUnderstood("for how long the search_path is another one cannot be told here")
            schema = replace(schema, lasting=None)
        judge_late(schema)
        doubts = len(self._doubts)
        self._course = replace(self._course, schema=self._with_opaque(statement, schema))
        self._irrelevant += bool(step.irrelevant)
        self._understood += not step.irrelevant and len(self._doubts) == doubts

    def _with_opaque(self, statement: Written, schema: Schema) -> Schema:
        """The schema, once what it has of tables is told that are not known as a whole."""
        for number in range(self._course.schema.next, schema.next):
            made = schema.relations.numbered(number) if schema.relations.has_number(number) else None
            if made is not None and made.opaque and made.schema != TEMPORARY:
                touches: frozenset[str | int] = frozenset({number, *made.parents})
                self._doubts.append(Doubt(statement=statement, why=made.opaque, touches=touches))
                schema = replace(schema, doubtful=schema.doubtful.adding([made.name]))
        return schema

    def _take_rows(self, statement: Written) -> None:
        if not _OF_ROWS.match(statement.text):
            raise NotUnderstood(f"it is longer than {LONGEST:,} characters")
        self._irrelevant += 1

    def _doubt(self, statement: Written, error: NotUnderstood, cursor: Cursor | None) -> None:
        schema = self._course.schema
        touches = _touched(schema, cursor, self._tables, error)
        self._doubts.append(Doubt(statement=statement, why=str(error), touches=touches))
        if cursor is not None:
            self._course = replace(
                self._course, schema=replace(schema, doubtful=schema.doubtful.adding(_words(cursor)))
            )

    def _settle(self, before: Schema, count: int) -> None:
        """What so many of the doubts are about is told by what there was before something left a family."""
        if self._settled < count and not self._course.schema.relations.keep_families(before.relations):
            self._tell(Related(before), self._settled, count)
            self._settled = count

    def _tell(self, related: Related, first: int, end: int) -> None:
        for place in range(first, end):
            doubt = self._doubts[place]
            self._doubts[place] = replace(doubt, touches=related.to(doubt.touches))

    def _begin(self, file: str) -> None:
        self.ends()
        schema = self._course.schema
        if self._set_by is not None and schema.path != schema.home:
            why = "whether the search_path stays another one in the next file cannot be told here"
            self._doubts.append(Doubt(statement=self._set_by, why=why, touches=None))
        self._course = Course(schema=replace(schema, path=schema.home, lasting=None, late=False, unchecked=False))
        self._file, self._set_by, self._begun_by = file, None, None

    def ends(self) -> None:
        """No statement of the file follows."""
        if self._course.marks and self._begun_by is not None:
            why = "the transaction that it begins has no end in this file; write COMMIT"
            self._doubts.append(Doubt(statement=self._begun_by, why=why, touches=None))
        before = self._course.schema
        self._course = replace(self._course, schema=without_temporary(before))
        self._settle(before, len(self._doubts))

    def folded(self) -> Folded:
        """What came of it."""
        related = Related(self._course.schema)
        self._tell(related, self._settled, len(self._doubts))
        self._tell(related, 0, len(self._doubts))
        self._settled = len(self._doubts)
        return Folded(
            schema=self._course.schema,
            doubts=tuple(self._doubts),
            understood=self._understood,
            irrelevant=self._irrelevant,
        )


def _touched(
    schema: Schema, cursor: Cursor | None, tables: Sequence[str], error: NotUnderstood
) -> frozenset[str | int] | None:
    """What a statement may be about that is not understood. What is refused ends the file, and touches all; unless it
    may be refused here only because of a statement before that is not understood either."""
    if cursor is None or isinstance(error, Acting):
        return None
    found, words = cursor.found, _words(cursor)
    held = schema.relations.called(words)
    if isinstance(error, Refused) and not any(one.name in schema.doubtful for one in held):
        return None
    head = " ".join(token.value for token in found[:4] if token.kind == "word")
    if not any(f"{head} ".startswith(f"{one} ") for one in _OF_ONE_TABLE) or _goes_further(found):
        return None
    if not held and not head.startswith("create table"):
        return None
    text = cursor.text.lower()
    named: set[str | int] = {name for name in tables if name in words or name in text}
    return frozenset(named | {one.number for one in held})


def _words(cursor: Cursor) -> frozenset[str]:
    return frozenset(token.value for token in cursor.found if token.kind in ("word", "name"))


def _goes_further(found: Sequence[Token]) -> bool:
    """Whether it takes along what hangs on a table, or is about all of them."""
    values = [token.value for token in found]
    alone = any(word == "cascade" and before not in ("delete", "update") for before, word in pairwise(values))
    variable = any(token.kind in ("odd", "other") or (token.kind, token.value) == ("op", ":") for token in found)
    return alone or variable or any("${" in value for value in values) or values[2:4] == ["all", "in"]
