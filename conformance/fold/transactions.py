"""BEGIN, COMMIT, ROLLBACK and SAVEPOINT: what is rolled back was never built."""

from __future__ import annotations

from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import Record, replace

_MARKS = "transaction"
_BEGINS = ("begin", "start transaction")
_ENDS = ("commit", "end")
_UNDOES = ("rollback", "abort")
_ALONE = (("create", "index"), ("create", "unique"), ("drop", "index"), ("reindex",))


class Course(Record):
    """A schema on its way. `marks` has what it was when the transaction began, and at its savepoints."""

    schema: Schema
    marks: tuple[tuple[str, Schema], ...] = ()


def transacted(course: Course, cursor: Cursor) -> Course | None:
    """The course after a statement about transactions; None where it is none."""
    if cursor.one_of(*_BEGINS):
        cursor.one_of("work", "transaction")
        if not cursor.ended and not cursor.sees(";") and any(token.value == "only" for token in cursor.found):
            raise NotUnderstood("whether what follows may write is not known here")
        return course if course.marks else replace(course, marks=((_MARKS, course.schema),))
    if cursor.one_of(*_ENDS):
        _ends(cursor)
        return Course(schema=_lasting(course.schema))
    if cursor.takes("savepoint"):
        name = cursor.name()
        cursor.ends()
        if not course.marks:
            raise NotUnderstood("in which transaction it stands is not known here")
        return replace(course, marks=(*course.marks, (name, course.schema)))
    if cursor.takes("release"):
        cursor.takes("savepoint")
        place = _place(course, cursor.name())
        cursor.ends()
        return replace(course, marks=course.marks[:place])
    if cursor.one_of(*_UNDOES):
        return _undone(course, cursor)
    return None


def judge(course: Course, cursor: Cursor) -> None:
    """Raises `Refused` for what cannot be done in a transaction."""
    values = [token.value for token in cursor.found[:5] if token.kind == "word"]
    if course.marks and "concurrently" in values and any(values[: len(one)] == list(one) for one in _ALONE):
        raise Refused("active_sql_transaction", "CONCURRENTLY cannot be done in a transaction")
    words = {token.value for token in cursor.found if token.kind == "word"}
    if course.marks and values[:2] == ["alter", "table"] and {"detach", "concurrently"} <= words:
        raise Refused("active_sql_transaction", "CONCURRENTLY cannot be done in a transaction")
    if course.marks and values[:1] == ["vacuum"]:
        raise Refused("active_sql_transaction", "VACUUM cannot be done in a transaction")
    if fresh := _fresh(course) & {token.value for token in cursor.found if token.kind == "string"}:
        raise Acting(f"the label {min(fresh)!r} was added in this transaction, in which it cannot be used yet")


def _fresh(course: Course) -> frozenset[str]:
    """The labels that were added in this transaction to enums from before it."""
    if not course.marks:
        return frozenset()
    before, now = course.marks[0][1].types, course.schema.types
    if before is now:
        return frozenset()
    added: set[str] = set()
    for found in now.values():
        old = before.numbered(found.number).labels if before.has_number(found.number) else found.labels
        added |= set(found.labels) - set(old) if len(found.labels) > len(old) else set()
    return frozenset(added)


def _undone(course: Course, cursor: Cursor) -> Course:
    cursor.one_of("work", "transaction")
    if not course.marks:
        raise NotUnderstood("in which transaction it stands, and what is rolled back, is not known here")
    if cursor.takes("to"):
        cursor.takes("savepoint")
        place = _place(course, cursor.name())
        cursor.ends()
        return replace(course, schema=_back(course.marks[place][1], course), marks=course.marks[: place + 1])
    _ends(cursor)
    return Course(schema=_back(course.marks[0][1], course))


def _back(before: Schema, course: Course) -> Schema:
    """What was there before; what is in doubt stays in doubt."""
    now = course.schema
    return replace(before, doubtful=now.doubtful, lurking=now.lurking, next=now.next)


def _lasting(schema: Schema) -> Schema:
    return schema if schema.lasting is None else replace(schema, path=schema.lasting, lasting=None)


def _place(course: Course, name: str) -> int:
    found = [place for place, (own, _) in enumerate(course.marks) if place and own == name]
    if not found:
        raise NotUnderstood(f"the savepoint {name} is not known here")
    return found[-1]


def _ends(cursor: Cursor) -> None:
    cursor.one_of("work", "transaction")
    cursor.takes("and", "no", "chain")
    cursor.ends()
