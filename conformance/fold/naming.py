"""The names that PostgreSQL gives to what is made without one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import count

from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import LONGEST_NAME, cut

_MANY = 10**6
"""More than any number that is put behind a name."""


def made_name(first: str, second: str, label: str) -> str:
    """`first_second_label`, the longer of the two in front cut until it fits, as PostgreSQL's makeObjectName does."""
    overhead = len(label) + 1 + (1 if second else 0)
    room = LONGEST_NAME - overhead
    one, two = len(first.encode()), len(second.encode())
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [_cut(first, one), *([_cut(second, two)] if second else []), label]
    return "_".join(parts)


def _cut(name: str, length: int) -> str:
    return name.encode()[:length].decode("utf-8", "ignore")


def constraint_name(schema: Schema, table: Relation, second: str, label: str, taken: Collection[str] = ()) -> str:
    """A name for a constraint of the table that no constraint of its schema has."""
    there = schema.relations
    used = {*taken, *(() if there.holds(table) else table.constraint_names())}
    return free_name(
        table.name,
        second,
        label,
        lambda name: name in used or there.constrained((table.schema, name)),
        lambda base: there.free_constraint(table.schema, base),
    )


def judge_new(schema: Schema, table: Relation, name: str) -> None:
    """Raises `Refused` where the table has a constraint of that name; `NotUnderstood` where it is one from above."""
    if schema.relations.holds(table) and not schema.relations.constrained((table.schema, name)):
        return
    if name and any(check.name == name and check.inherited and not check.local for check in table.checks):
        raise NotUnderstood(f"whether {name} is what {table.name} has from above is not known here")
    if name and name in table.constraint_names():
        raise Refused("duplicate_object", f"{table.name} has a constraint {name} already")


def index_name(schema: Schema, table: Relation, columns: Sequence[str], label: str, *, constraint: bool) -> str:
    """A name for an index of the table that no relation of its schema has, and no constraint if it backs one."""
    there = schema.relations
    used: set[str] = set() if there.holds(table) else {index.name for index in table.indexes}
    if constraint and not there.holds(table):
        used.update(table.constraint_names())

    def taken(name: str) -> bool:
        place = (table.schema, name)
        return name in used or there.taken(place) or (constraint and there.constrained(place))

    second = "" if label == "pkey" else joined(columns)
    return free_name(table.name, second, label, taken, lambda base: there.free_index(table.schema, base))


def sequence_name(schema: Schema, space: str, table: str, column: str) -> str:
    """A name for the sequence of a serial or an identity column."""
    return free_name(table, column, "seq", lambda name: name == table or schema.relations.taken((space, name)))


def joined(columns: Sequence[str]) -> str:
    """The names of several columns as one, as far as it may get."""
    text = ""
    for column in _apart(columns):
        text = f"{text}_{column}" if text else column
        if len(text.encode()) > LONGEST_NAME:
            break
    return cut(text) if len(text.encode()) > LONGEST_NAME else text


def _apart(columns: Sequence[str]) -> list[str]:
    """The names, of which none comes twice: from the second on they are numbered."""
    found: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in found:
            number += 1
            name = _cut(column, LONGEST_NAME - len(str(number))) + str(number)
        found.append(name)
    return found


def free_name(
    first: str,
    second: str,
    label: str,
    taken: Callable[[str], bool],
    number: Callable[[str], int] = lambda base: 1,
) -> str:
    """The first name that is not taken; `number` is the first that may be free behind another."""
    name = made_name(first, second, label)
    if not taken(name):
        return name
    if made_name(first, second, f"{label}{_MANY}") == f"{name}{_MANY}":  # nothing is cut for a number
        return next(one for one in map(f"{name}{{}}".format, range(number(name), _MANY)) if not taken(one))
    return next(one for n in count(1) if not taken(one := made_name(first, second, f"{label}{n}")))
