"""Which statement of the migrations brings which object. Pure.

An object that is dropped and made again comes from the last that makes it; one that was renamed, from where it was
made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conformance.fold.folding import Folding
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import tokens
from conformance.model.contract import Requirement
from conformance.model.record import Record, field
from conformance.model.written import Written

_OF_SEVERAL = frozenset({"unique", "primary-key", "foreign-key", "index"})
"""The kinds whose objects are on columns, and come with a statement of their own."""


class Spot(Record):
    """A line of a file."""

    file: str
    line: int


class Introduced(Record):
    """Where each object comes from: a table by its name, a column behind it, what is on columns behind both, a trigger
    by its table and no column."""

    tables: dict[str, Spot] = field(default_factory=dict)
    columns: dict[tuple[str, str], Spot] = field(default_factory=dict)
    rules: dict[tuple[str, frozenset[str]], Spot] = field(default_factory=dict)

    def of(self, requirement: Requirement) -> Spot | None:
        """Where the object of the requirement comes from, or what it is on; None where nothing of it is here."""
        table, columns = requirement.table, requirement.columns
        rule = frozenset() if requirement.kind == "trigger" else frozenset(columns)
        own = self.rules.get((table, rule)) if requirement.kind in (*_OF_SEVERAL, "trigger") else None
        on = (self.columns[table, name] for name in columns if (table, name) in self.columns)
        return own or next(on, None) or self.tables.get(table)


def introduced(statements: Iterable[Written], tables: Sequence[str], start: Schema) -> Introduced:
    """Where the objects come from that the statements make; `tables` are the names that a contract speaks of."""
    folding, found = Folding(tables, start), Introduced()
    before = start
    for statement in statements:
        folding.take(statement)
        after = folding.schema
        if after.relations is not before.relations:
            for relation in after.relations.values():
                was = before.numbered(relation.number) if before.relations.has_number(relation.number) else None
                if was is not relation:
                    _take(found, was, relation, statement)
        before = after
    return found


def _take(found: Introduced, was: Relation | None, now: Relation, statement: Written) -> None:
    """What of the relation comes with this statement."""
    if was is None:
        found.tables[now.name] = _spot(statement, now.name)
    elif was.name != now.name:
        _renamed(found, was.name, now.name)
    known = {column.name for column in was.columns} if was is not None else set()
    for column in now.columns:
        if column.name not in known:
            found.columns[now.name, column.name] = _spot(statement, column.name)
    held = set(_rules(was)) if was is not None else set()
    for name, columns in _rules(now):
        if (name, columns) not in held:
            found.rules[now.name, columns] = _spot(statement, name)


def _rules(relation: Relation) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of what is on columns of the relation, with the columns; of its triggers with none."""
    yield from ((index.name, frozenset(index.columns)) for index in relation.indexes)
    yield from ((key.name, frozenset(key.columns)) for key in relation.references)
    yield from ((reaction.name, frozenset()) for reaction in relation.reactions)


def _renamed(found: Introduced, old: str, new: str) -> None:
    if old in found.tables:
        found.tables[new] = found.tables[old]
    found.columns.update({(new, name): spot for (table, name), spot in found.columns.items() if table == old})
    found.rules.update({(new, names): spot for (table, names), spot in found.rules.items() if table == old})


def _spot(statement: Written, name: str) -> Spot:
    """Where the statement names it, or else where it begins."""
    try:
        found = tokens(statement.text)
    except NotUnderstood:
        found = []
    at = next((token.start for token in found if token.value == name and token.kind in ("word", "name")), None)
    down = statement.text.count("\n", found[0].start, at) if at is not None else 0
    return Spot(file=statement.file, line=statement.line + down)
