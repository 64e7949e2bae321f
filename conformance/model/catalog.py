"""What a database's catalog says, whichever source it came from.

Names are PostgreSQL's: a *base type* is what is left when domains and the array are taken off, *typmod* is the
modifier behind the type's name (`1536` of `vector(1536)`), and an expression is the text that `pg_get_expr` prints
under an empty `search_path`, so that an unqualified name in it can only be one of `pg_catalog`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from conformance.model.particulars import Collation, Sequence
from conformance.model.question import Answer, Question
from conformance.model.record import Record, field, replace

LONGEST = 100_000
CUT = "MORE THAN 100000 CHARACTERS"
"""Stands among the nodes of an expression of which only the beginning was pulled."""
UNREAD = "syntax that only a server reads"
"""Stands among the nodes of an expression that was read from the text of a migration and is not understood; it is its
stranger too, so that nothing is concluded from it."""

Volatility = Literal["i", "s", "v"]

RELATION_KINDS: Mapping[str, str] = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}


class Expression(Record):
    """A default, a check, a predicate or an index key.

    `nodes` and `volatility` are what the server's own parse tree says; both are None where the source did not
    analyse the tree (plain constants), and then the expression must not be evaluated. `strangers` names every part
    that PostgreSQL does not ship: an expression with one is never evaluated; `extensions` those of them that an
    extension brought.
    """

    text: str
    nodes: frozenset[str] | None = None
    volatility: Volatility | None = None
    functions: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


class Check(Record):
    """A CHECK constraint of a table (over `columns`) or of a domain (over VALUE, `columns` empty)."""

    name: str
    expression: Expression
    columns: tuple[str, ...] = ()
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False


class Domain(Record):
    """One domain around a base type, or around another domain."""

    name: str
    not_null: bool
    default: Expression | None
    checks: tuple[Check, ...]


class Type(Record):
    """A column's type, taken apart. `declared` is what `format_type` prints; the rest describes the base type.

    `labels` are an enum's, in order. `domains` runs from the outermost to the innermost, `elements` has those around an
    array's elements. `shipped` says that the base
    type is one of PostgreSQL's own, so that casting to it runs no stranger's code.
    """

    declared: str
    name: str
    schema: str = "pg_catalog"
    typmod: int = -1
    array: bool = False
    shipped: bool = True
    labels: tuple[str, ...] | None = None
    domains: tuple[Domain, ...] = ()
    elements: tuple[Domain, ...] = ()


class Column(Record, often=True):
    """One column. `not_null` is PostgreSQL's flag; `not_null_validated` is false for NOT NULL … NOT VALID (18+).

    `identity` is "" or "always" or "by default"; `generated` is "" or "stored" or "virtual"; `writable` is false for a
    column that a view computes. `collation` is None for the database's default; `deterministic` is false for a
    collation that folds (case, accents).
    """

    name: str
    type: Type
    not_null: bool
    not_null_validated: bool = True
    default: Expression | None = None
    identity: str = ""
    generated: str = ""
    writable: bool = True
    collation: str | None = None
    collation_shipped: bool = True
    deterministic: bool = True
    inherited: bool = False

    @property
    def draws(self) -> bool:
        """Whether its default is drawn from a sequence, wholly or in part."""
        return bool(self.identity) or (self.default is not None and "nextval(" in self.default.text)


class IndexKey(Record):
    """One key of an index: a column, or else an expression. `trusted` says that its operator class is PostgreSQL's own
    or came with an extension: any other may compare as it likes."""

    column: str | None
    expression: str | None
    opclass: str
    default_opclass: bool = True
    trusted: bool = True
    collation: str | None = None
    deterministic: bool = True
    descending: bool = False
    nulls_first: bool = False


class Index(Record):
    """An index; `constraint` names the constraint that it backs, `primary` says of which kind; `excludes` has the
    operator of each key where that is an exclusion constraint, or a key WITHOUT OVERLAPS, which is `unique` too.

    `computing` is everything that has to be computed to enter a row, its expressions and its predicate."""

    name: str
    method: str
    keys: tuple[IndexKey, ...]
    include: tuple[str, ...] = ()
    predicate: Expression | None = None
    computing: Expression | None = None
    unique: bool = False
    primary: bool = False
    immediate: bool = True
    valid: bool = True
    ready: bool = True
    nulls_not_distinct: bool = False
    constraint: str | None = None
    excludes: tuple[str, ...] = ()


class ForeignKey(Record):
    """A foreign key. Actions are words of SQL in lower case; `triggers` counts the system triggers that enforce it,
    also on partitions, `asleep` those of them that are disabled or fire only on a replica, `bare` names the relations
    that lack one of theirs."""

    name: str
    columns: tuple[str, ...]
    target_schema: str
    target: str
    target_columns: tuple[str, ...]
    on_delete: str
    on_update: str
    match: str = "simple"
    delete_columns: tuple[str, ...] = ()
    validated: bool = True
    enforced: bool = True
    deferrable: bool = False
    temporal: bool = False
    target_kind: str = "r"
    triggers: int = 4
    asleep: int = 0
    bare: tuple[str, ...] = ()


class Trigger(Record):
    """A trigger that a person made. `enabled` is PostgreSQL's letter: O origin, A always, R replica, D disabled, or N
    where the relation's own record says that it has none, so that none fires; `asleep_in` names the partitions in which
    its copy does not fire. `settings` are the names of those that its function brings along; `looks_in` the schemas in
    which the names of its body are looked for before `pg_catalog`, with `$user` for the one that is named like the
    role."""

    name: str
    timing: str
    events: frozenset[str]
    row: bool
    update_columns: tuple[str, ...]
    when: str | None
    function: str
    language: str
    body: str
    arguments: int
    enabled: str
    settings: tuple[str, ...] = ()
    looks_in: tuple[str, ...] = ()
    asleep_in: tuple[str, ...] = ()


class PartitionKey(Record):
    """What decides into which partition a row goes: "hash", "list" or "range", by these columns, or by what is
    `computed` from the row; `default` says that there is a partition for the rest."""

    strategy: str
    columns: tuple[str, ...]
    computed: bool = False
    default: bool = False


class Part(Record):
    """A partition, or a table that inherits, and what it has for itself: nothing that came from above is in it.

    `required` are columns in which it refuses NULL and the table above does not, `lax` those in which it is the other
    way about; `parts` are its own partitions or heirs. Of triggers it has those for each row, of indexes those that may
    refuse a row."""

    name: str
    kind: str
    partition: bool
    bound: str = ""
    key: PartitionKey | None = None
    required: tuple[str, ...] = ()
    lax: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    parts: tuple[Part, ...] = ()


class Table(Record):
    """A relation that answers to a table's name; `kind` is the letter of `pg_class.relkind`.

    `replaced` are the events that a rule does something else instead of, `voided` those that one does nothing
    instead of, whatever the row; `bound` is the bound of a table that is itself a partition; `children` names what
    inherits from it, `parts` holds that, or its partitions.
    """

    schema: str
    name: str
    kind: str
    owner: str
    columns: Mapping[str, Column]
    indexes: tuple[Index, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    children: tuple[str, ...] = ()
    row_security: bool = False
    readable: bool = True
    insertable: bool = True
    updatable: bool | None = True
    rules: tuple[str, ...] = ()
    replaced: frozenset[str] = frozenset()
    voided: frozenset[str] = frozenset()
    bound: str = ""
    key: PartitionKey | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether PostgreSQL itself keeps the rows and the constraints (not a view, not a foreign table)."""
        return self.kind in "rp"

    @property
    def described(self) -> str:
        """`table public.agents`, in words."""
        return f"{RELATION_KINDS[self.kind]} {self.schema}.{self.name}"


class Catalog(Record):
    """The structure of one target: the tables that its names resolve to, and the copies that they do not.

    `elsewhere` maps a table's name to the schemas that have one of that name and are shadowed or off the path,
    `taken` it to what else has the name, in words, where that is what the path leads to. `replica` says that sessions
    here begin with `session_replication_role = replica`, which puts every trigger and foreign key to sleep; `replicas`
    are the roles of which alone that is said, or "" where it is said of all. `answers` holds what the server said when
    the database's own expressions were evaluated. `sequences` are those that columns draw from, by `table.column`, and
    `domain_collations` have the name of each domain: what a source that is not to be rebuilt leaves out.
    """

    tables: Mapping[str, Table]
    path: tuple[str, ...]
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[Question, Answer] = field(default_factory=dict)
    replica: bool = False
    replicas: tuple[str, ...] = ()
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    domain_collations: Mapping[str, Collation] = field(default_factory=dict)

    def seen_by(self, user: str, *, replica: bool) -> Catalog:
        """The same, as the session of a user shows it, which begins as a `replica` or not.

        What is said of that role alone is not what others have.
        """
        return replace(self, replica="" in self.replicas or (replica and user not in self.replicas))
