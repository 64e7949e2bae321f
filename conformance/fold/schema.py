"""The working schema: what a database has after the statements so far. Relations, types and functions have a number
that stays when they are renamed, as PostgreSQL's OIDs do; columns are meant by their names, which a renaming changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from conformance.fold.condition import Clause, Condition
from conformance.fold.function import Function
from conformance.fold.named import Name, Named, Relations
from conformance.fold.policy import Policy
from conformance.fold.reference import Reference
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.runs import Runs
from conformance.fold.split import Bound, Split
from conformance.fold.vocabulary import Vocabulary
from conformance.model.record import Record, field, replace

TEMPORARY = "pg_temp"
"""The schema of what a session alone sees."""


class TypeRef(Record):
    """The type of a column: one of PostgreSQL's own by its `name`, another by its `number`."""

    name: str = ""
    number: int | None = None
    modifiers: tuple[int, ...] = ()
    array: bool = False


class UserType(Record):
    """A type that is not PostgreSQL's own: `kind` is an enum, a domain, a composite type, a range, or `x` for one that
    an extension brought. `holds` are the types that a composite one is made of."""

    number: int
    schema: str
    name: str
    kind: str
    labels: tuple[str, ...] = ()
    base: TypeRef | None = None
    not_null: bool = False
    default: Clause | None = None
    checks: tuple[Condition, ...] = ()
    runs: Runs = field(default_factory=Runs)
    holds: frozenset[int] = frozenset()


class Field(Record):
    """A column. `not_null` is the name of what says so, or "". `collation` is a name with its schema. `inherited`
    counts the tables above that it comes from, `local` says that it is its own too."""

    name: str
    type: TypeRef
    not_null: str = ""
    not_null_validated: bool = True
    default: Clause | None = None
    identity: str = ""
    generated: str = ""
    collation: tuple[str, ...] = ()
    inherited: int = 0
    local: bool = True


class Key(Record):
    """A key of an index."""

    column: str | None = None
    clause: Clause | None = None
    opclass: str = ""
    collation: tuple[str, ...] = ()
    descending: bool = False
    nulls_first: bool = False


class KeyIndex(Record):
    """An index; `constraint` says that it backs one of its name, `above` names the one that it is a partition of."""

    name: str
    method: str
    keys: tuple[Key, ...]
    include: tuple[str, ...] = ()
    predicate: Clause | None = None
    unique: bool = False
    primary: bool = False
    immediate: bool = True
    nulls_not_distinct: bool = False
    constraint: bool = False
    valid: bool = True
    excludes: tuple[str, ...] = ()
    above: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are keys."""
        return tuple(key.column for key in self.keys if key.column is not None)


class Reaction(Record):
    """A trigger; `enabled` is PostgreSQL's letter, `inherited` says that it comes from the partitioned table."""

    name: str
    timing: str
    events: frozenset[str]
    row: bool
    update_columns: tuple[str, ...]
    when: Clause | None
    function: int
    arguments: int
    enabled: str = "O"
    inherited: bool = False


class Output(Record):
    """A column that a query gives; `name` is "" and `type` None where that is not known. `loose` is a bare string."""

    name: str
    type: TypeRef | None = None
    loose: bool = False


class Relation(Record):
    """Whatever has a name among tables; `kind` is PostgreSQL's letter. `owner` is the table and the column that a
    sequence goes with, `mentions` the words of a view's query, `gives` its columns where they are known; `opaque` says
    why not all of it is known here. `parents` are the tables that it inherits from, or is a partition of, and then it
    has a `bound`; `split` says what a partitioned table is partitioned by."""

    number: int
    schema: str
    name: str
    kind: str
    columns: tuple[Field, ...] = ()
    checks: tuple[Condition, ...] = ()
    indexes: tuple[KeyIndex, ...] = ()
    references: tuple[Reference, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    policies: tuple[Policy, ...] = ()
    row_security: bool = False
    owner: tuple[int, str] | None = None
    mentions: frozenset[str] = frozenset()
    gives: tuple[Output, ...] | None = None
    opaque: str = ""
    parents: tuple[int, ...] = ()
    split: Split | None = None
    bound: Bound | None = None

    def column(self, name: str) -> Field:
        """The column of that name. Raises `Refused`."""
        if (found := next((column for column in self.columns if column.name == name), None)) is None:
            raise Refused("undefined_column", f"{self.name} has no column {name} here")
        return found

    def has(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return any(column.name == name for column in self.columns)

    def constraint_names(self) -> Iterator[str]:
        """The names of all constraints."""
        yield from (check.name for check in self.checks)
        yield from (key.name for key in self.references)
        yield from (index.name for index in self.indexes if index.constraint)
        yield from (column.not_null for column in self.columns if column.not_null)


class Schema(Record):
    """Everything there is. `path` is where names are looked for, `lasting` what it is behind the transaction, `home` in
    a new session; `late`: PostgreSQL's own names are not looked for first; `unchecked`: no function's body is read. A
    schema that is `given` is there, and may be made; one that is `unborn` would be looked into first, were it there;
    `ghosts` were temporary tables of a file before; `called` are names of functions, `spoken` the words of their
    bodies, `acting` the names of those that may change the structure, `lurking` the words of policies, `doubtful` those
    of what is not understood. `publications` and `statistics` are of tables, by their numbers; None is for all. `roles`
    are those that were made, `searched` what was for the search of texts, `listening` what event triggers call."""

    relations: Relations = field(default_factory=Relations)
    types: Named[UserType] = field(default_factory=Named)
    functions: tuple[Function, ...] = ()
    called: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset({"public"})
    given: frozenset[str] = frozenset()
    extensions: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ("public",)
    lasting: tuple[str, ...] | None = None
    home: tuple[str, ...] = ("public",)
    late: bool = False
    unchecked: bool = False
    unborn: frozenset[str] = frozenset()
    ghosts: frozenset[str] = frozenset()
    acting: frozenset[str] = frozenset()
    lurking: frozenset[str] = frozenset()
    doubtful: Vocabulary = field(default_factory=Vocabulary)
    publications: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    statistics: Mapping[Name, int] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    searched: frozenset[str] = frozenset()
    listening: Mapping[str, str] = field(default_factory=dict)
    major: int = 18
    next: int = 1

    def place(self, names: tuple[str, ...]) -> Name:
        """Where something new of that name goes. Raises `Refused`."""
        schema = names[-2] if len(names) > 1 else next((one for one in self.path if one in self.namespaces), "")
        if schema not in self.namespaces:
            raise Refused("invalid_schema_name", f"there is no schema {schema or 'to create it in'} here")
        return schema, names[-1]

    def find(self, names: tuple[str, ...]) -> Relation | None:
        """The relation that a name means, if there is one."""
        if not names:
            raise Refused("syntax_error", "a column is named without its table")
        schemas = names[-2:-1] or (TEMPORARY, *self.path)
        found = next((self.relations[s, names[-1]] for s in schemas if (s, names[-1]) in self.relations), None)
        if found is None and names[-1] in self.doubtful:
            raise NotUnderstood(f"whether {'.'.join(names)} is there hangs on a statement that is not understood")
        if len(names) == 1 and names[0] in self.ghosts and (found is None or found.schema != TEMPORARY):
            raise Acting(f"a temporary table {names[0]} of a file before may hide another one")
        return found

    def relation(self, names: tuple[str, ...], *kinds: str) -> Relation:
        """The relation that a name means. Raises `Refused`."""
        found = self.find(names)
        if found is None:
            raise Refused("undefined_table", f"{'.'.join(names)} is not known here")
        if kinds and found.kind not in kinds:
            raise Refused("wrong_object_type", f"{'.'.join(names)} is of another kind")
        return found

    def numbered(self, number: int) -> Relation:
        """The relation of that number."""
        return self.relations.numbered(number)

    def type_of(self, number: int) -> UserType:
        """The type of that number."""
        return self.types.numbered(number)

    def find_type(self, names: tuple[str, ...]) -> UserType | None:
        """The type that a name means, if it is not PostgreSQL's own."""
        schemas = names[-2:-1] or self.path
        return next((self.types[s, names[-1]] for s in schemas if (s, names[-1]) in self.types), None)

    def put(self, relation: Relation) -> Schema:
        """The schema with the relation as it is given, whatever it was called before."""
        return replace(self, relations=self.relations.put(relation))

    def add(self, relation: Relation) -> Schema:
        """The schema with one relation more. Raises `Refused` where the name is taken."""
        self.judge_free((relation.schema, relation.name))
        if relation.kind != "S" and (relation.schema, relation.name) in self.types:
            raise Refused("duplicate_object", f"{relation.name} is a type already")
        return replace(self.put(replace(relation, number=self.next)), next=self.next + 1)

    def judge_free(self, name: Name) -> None:
        """Raises `Refused` where a relation or an index of that name is there."""
        if self.relations.taken(name):
            raise Refused("duplicate_table", f"{name[1]} is there already")

    def without(self, *numbers: int) -> Schema:
        """The schema without these relations."""
        left = self.relations
        for number in numbers:
            left = left.without(number)
        return replace(self, relations=left)

    def each(self, change: Callable[[Relation], Relation], among: Iterable[Relation] | None = None) -> Schema:
        """The schema with `change` made to each relation, or to some of them."""
        made = self.relations
        for relation in self.relations.values() if among is None else among:
            if (changed := change(relation)) is not relation and changed != relation:
                made = made.put(changed)
        return replace(self, relations=made)

    def put_type(self, found: UserType) -> Schema:
        """The schema with the type as it is given."""
        return replace(self, types=self.types.put(found))

    def add_type(self, found: UserType) -> Schema:
        """The schema with one type more. Raises `Refused` where the name is taken."""
        if (found.schema, found.name) in self.types or (found.schema, found.name) in self.relations:
            raise Refused("duplicate_object", f"the type {found.name} is there already")
        return replace(self.put_type(replace(found, number=self.next)), next=self.next + 1)
