"""Relations and types by their names, and by the numbers that stay when they are renamed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, ValuesView
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeAlias, TypeVar

from conformance.fold.book import Book
from conformance.fold.family import Below, Families
from conformance.fold.runs import Runs
from conformance.fold.ties import Ties, alike

if TYPE_CHECKING:
    from conformance.fold.schema import Relation

Name: TypeAlias = tuple[str, str]
"""A schema and a name in it."""


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def schema(self) -> str: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Numbered)


class Named(Mapping[Name, N], Generic[N]):
    """What has a name and a number; a change gives another one, and leaves this as it is."""

    __slots__ = ("_by_number", "_numbers", "_schemas")

    def __init__(self) -> None:
        self._schemas: frozenset[str] = frozenset()
        self._by_number: Book[int, N] = Book()
        self._numbers: Book[Name, int] = Book()

    def put(self, one: N) -> Self:
        """With this one as it is given, whatever it was called before."""
        made = self._copied()
        before = self._by_number.get(one.number)
        name = (one.schema, one.name)
        if before is None or (before.schema, before.name) != name:
            if before is not None:
                made._forget(before)
            made._numbers = made._numbers.put(name, one.number)
            made._schemas = made._schemas if one.schema in made._schemas else made._schemas | {one.schema}
        made._by_number = made._by_number.put(one.number, one)
        return made

    def without(self, number: int) -> Self:
        """Without the one of that number, if it is there."""
        one = self._by_number.get(number)
        if one is None:
            return self
        made = self._copied()
        made._forget(one)
        made._by_number = made._by_number.without(number)
        return made

    def _forget(self, one: N) -> None:
        name = (one.schema, one.name)
        if self._numbers.get(name) == one.number:
            self._numbers = self._numbers.without(name)

    def _copied(self) -> Self:
        made = type(self).__new__(type(self))
        made._by_number, made._numbers, made._schemas = self._by_number, self._numbers, self._schemas
        return made

    def numbered(self, number: int) -> N:
        """The one of that number."""
        return self._by_number[number]

    def has_number(self, number: int) -> bool:
        """Whether there is one of that number."""
        return number in self._by_number

    def __getitem__(self, name: Name) -> N:
        return self._by_number[self._numbers[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[Name]:
        return ((one.schema, one.name) for one in self.values())

    def __len__(self) -> int:
        return len(self._by_number)

    def values(self) -> ValuesView[N]:
        """All of them, in the order in which they were made."""
        return {number: self._by_number[number] for number in sorted(self._by_number)}.values()


Part: TypeAlias = tuple[Sequence[Any], Callable[[Any], str]]
"""Things of one kind that belong to a relation, and how their names are found."""


class Relations(Named["Relation"]):
    """Relations, with the names of their indexes and constraints."""

    __slots__ = ("_constraint_runs", "_constraints", "_families", "_index_runs", "_indexes", "_kin", "_ties")

    def __init__(self) -> None:
        super().__init__()
        self._kin: Book[int, bool] = Book()
        self._families, self._ties = Families(), Ties()
        self._indexes: Book[Name, int] = Book()
        self._constraints: Book[Name, int] = Book()
        self._index_runs, self._constraint_runs = Runs(), Runs()

    def put(self, one: Relation) -> Self:
        """With this relation as it is given, whatever it was called before."""
        before = self._by_number.get(one.number)
        made = super().put(one)
        if _has_kin(one) != (one.number in made._kin):
            made._kin = made._kin.put(one.number, True) if _has_kin(one) else made._kin.without(one.number)
        made._change(before, one)
        return made

    def without(self, number: int) -> Self:
        """Without the relation of that number."""
        before = self._by_number.get(number)
        made = super().without(number)
        if before is not None:
            made._kin = made._kin.without(number)
            made._change(before, None)
        return made

    def _copied(self) -> Self:
        made = super()._copied()
        made._indexes, made._constraints, made._ties = self._indexes, self._constraints, self._ties
        made._kin, made._families = self._kin, self._families
        made._index_runs, made._constraint_runs = self._index_runs, self._constraint_runs
        return made

    def _change(self, before: Relation | None, after: Relation | None) -> None:
        """Keep the names of what belongs to a relation, and what it is below."""
        self._families, self._ties = self._families.changed(before, after), self._ties.changed(before, after)
        if before is not None and after is not None and before.schema == after.schema:
            same = before.indexes is after.indexes and before.checks is after.checks
            if same and before.references is after.references and before.columns is after.columns:
                return
        gone, come = _names(before, after, _indexes)
        for name in gone - come:
            if before is not None and self._indexes.get(name) == before.number:
                self._indexes = self._indexes.without(name)
                self._index_runs = self._index_runs.without(*name)
        if after is not None:
            for name in come - gone:
                self._indexes = self._indexes.put(name, after.number)
                self._index_runs = self._index_runs.put(*name)
        gone, come = _names(before, after, _constraints)
        for name in gone - come:
            left = self._constraints[name] - 1
            self._constraints = self._constraints.put(name, left) if left else self._constraints.without(name)
            if not left:
                self._constraint_runs = self._constraint_runs.without(*name)
        for name in come - gone:
            self._constraints = self._constraints.put(name, self._constraints.get(name, 0) + 1)
            self._constraint_runs = self._constraint_runs.put(*name)

    def tied(self, *, views: bool = False, policies: bool = False, to: Iterable[int] = ()) -> list[Relation]:
        """Those that another may matter to: views, what has a policy, and what has to do with the tables of these
        numbers, as what has a foreign key to them and the sequences that go with them."""
        return [self._by_number[number] for number in self._ties.numbers(views=views, policies=policies, to=to)]

    def owned(self, by: Collection[int], column: str | None = None) -> list[Relation]:
        """The sequences that go with tables of these numbers, or with a column of theirs."""
        owners = ((one, one.owner) for one in self.tied(to=by))
        return [one for one, of in owners if of is not None and of[0] in by and column in (None, of[1])]

    def kin(self) -> list[Relation]:
        """Partitioned tables, partitions, and what inherits from another."""
        return [self._by_number[number] for number in sorted(self._kin)]

    def below(self, number: int) -> list[Relation]:
        """The partitions of a table, or what inherits from it."""
        return [self._by_number[own] for own in self.family(number).numbers]

    def family(self, number: int) -> Below:
        """The same by their numbers, and which rows they take."""
        return self._families.of(number)

    def keep_families(self, before: Relations) -> bool:
        """Whether all that was below a table is there still."""
        return self._families.keep(before._families)

    def changed(self, before: Relations) -> list[int]:
        """The numbers of the partitioned tables, partitions, heirs, and tables that these inherit from, that were not
        there before or were others."""
        found = self._by_number.changed(before._by_number)
        return sorted(number for number in found if number in self._kin or self.family(number).numbers)

    def called(self, words: Collection[str]) -> list[Relation]:
        """Those of which one of the words is the name, in whatever schema, or that of an index: looked up, since there
        may be as much that is not understood as there are tables."""
        names = [(schema, word) for schema in self._schemas for word in words]
        numbers = {book[name] for name in names for book in (self._numbers, self._indexes) if name in book}
        return [self._by_number[number] for number in sorted(numbers)]

    def with_index(self, name: Name) -> Relation | None:
        """The table that has the index of that name, which is in the schema of its table."""
        number = self._indexes.get(name)
        return None if number is None else self._by_number[number]

    def taken(self, name: Name) -> bool:
        """Whether a relation or an index has that name."""
        return name in self._numbers or name in self._indexes

    def constrained(self, name: Name) -> bool:
        """Whether a relation of that schema has a constraint of that name."""
        return name in self._constraints

    def free_index(self, schema: str, base: str) -> int:
        """The number behind this name in front of which each makes the name of an index that is there."""
        return self._index_runs.first(schema, base)

    def free_constraint(self, schema: str, base: str) -> int:
        """The number behind this name in front of which each makes the name of a constraint that is there."""
        return self._constraint_runs.first(schema, base)

    def holds(self, one: Relation) -> bool:
        """Whether this relation is in it just as it is, and its names with it."""
        return self._by_number.get(one.number) is one


def _has_kin(one: Relation) -> bool:
    return bool(one.parents) or one.split is not None


def _indexes(relation: Relation) -> Iterator[Part]:
    """What of a relation has the name of an index, and how that is found."""
    yield relation.indexes, lambda index: index.name


def _constraints(relation: Relation) -> Iterator[Part]:
    """What of a relation has the name of a constraint, and how that is found."""
    yield relation.checks, lambda check: check.name
    yield relation.references, lambda key: key.name
    yield relation.indexes, lambda index: index.name if index.constraint else ""
    yield relation.columns, lambda column: column.not_null


def _names(
    before: Relation | None,
    after: Relation | None,
    parts: Callable[[Relation], Iterator[Part]],
) -> tuple[set[Name], set[Name]]:
    """The names that a relation had, and those that it has: without what it has in front in both, which is most of it
    where something is added, and would make the time of many additions go with their square."""
    old = [] if before is None else list(parts(before))
    new = [] if after is None else list(parts(after))
    skipped = [0] * 4
    if before is not None and after is not None and before.schema == after.schema:
        skipped = [alike(one, other) for (one, _), (other, _) in zip(old, new, strict=True)]
    return (
        {(before.schema, name) for name in _from(old, skipped)} if before is not None else set(),
        {(after.schema, name) for name in _from(new, skipped)} if after is not None else set(),
    )


def _from(parts: list[Part], skipped: list[int]) -> Iterator[str]:
    for (found, named), first in zip(parts, skipped, strict=False):
        yield from filter(None, map(named, found[first:]))
