"""What an invariant asks of the rows, and what was seen: data on both sides.

An invariant is pure: it writes down a *look* (SQL over built-in types alone, put together from the catalog), `sources`
takes all looks of a run in one snapshot, and the answers are judged. In the SQL of a look the table's own row is called
`t`, and every join has an alias that says what it is, so that looks which join alike share one scan.
"""

from __future__ import annotations

from conformance.model.cycle import EdgeSource
from conformance.model.record import Record

OWN = "t"


class Relation(Record):
    """A table as it was found, by its schema and its name."""

    schema: str
    name: str


class Shown(Record):
    """A column of a witness, or of a sieve: its name and its SQL."""

    name: str
    sql: str


class Sieve(Record):
    """What tells, in one cheap scan that the server can divide among processes, most rows that violate none of the
    looks which share a join.

    `columns` of the table are all that these looks read. Each of the `levels` computes values from the columns and from
    the level before; `clean` is true only of rows that violate nothing."""

    columns: tuple[str, ...]
    levels: tuple[tuple[Shown, ...], ...]
    clean: str


class Groups(Record):
    """Which groups of rows, alike in all `keys` (none of them NULL), make `having` true? `member` tells the rows of a
    group apart; `apart` is what they differ in, where that is what violates the look: a witness shows a row of each."""

    table: Relation
    keys: tuple[Shown, ...]
    having: str
    member: Shown
    values: tuple[Shown, ...] = ()
    apart: str | None = None


class Join(Record):
    """`LEFT JOIN relation AS alias ON condition`; `relation` is SQL, with at most one row for each row of the table, if
    there are none of the groups `several`.

    Where something is `counted` over other rows, `relation` is what they come from (`FROM …`), and joins that differ in
    what is counted alone are one. Where a join is dear, a `sieve` may spare most rows of it."""

    alias: str
    relation: str
    condition: str
    counted: tuple[Shown, ...] = ()
    sieve: Sieve | None = None
    several: Groups | None = None


class Absent(Record):
    """`violates` says of the table's own row alone that what it points at is in none of the rows of `parent`: cheaper
    than a join where these are few."""

    parent: Relation
    violates: str


class Rows(Record):
    """Which rows of the table make `violates` true? `ids` tell a row from the others; `values` are what the claim is
    about, and leave the database only where the user asks for them. `telling` is SQL that counts, over the rows that
    violate, how they differ from the documented shape (two columns: words and a count), where that can be said;
    `absent` another way to say the same."""

    table: Relation
    violates: str
    ids: tuple[Shown, ...]
    values: tuple[Shown, ...] = ()
    joins: tuple[Join, ...] = ()
    telling: str = ""
    absent: Absent | None = None


class Graph(Record):
    """Has the directed graph a cycle?"""

    table: Relation
    edges: EdgeSource


class Names(Record):
    """Which rows have names that differ and yet are the same to a reader's eye?"""

    table: Relation
    name: str
    id: str


class Privileges(Record):
    """Which roles, neither owner nor superuser, may change or remove rows of the table, for these events, or of what is
    below it (partitions, heirs: each has privileges of its own) for the events `below`? `unsure` are triggers that may
    refuse it to them, and are not run."""

    table: Relation
    events: tuple[str, ...]
    below: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


Look = Rows | Groups | Graph | Names | Privileges


class Proof(Record):
    """No row has to be looked at: `by` says what proves the claim, `object` names it."""

    by: str
    object: str


class Witness(Record):
    """One violation: the ids that lead to it, with `joint` between and `remark` behind them, and the values that it is
    about."""

    ids: tuple[str, ...]
    joint: str = ", "
    remark: str = ""
    values: tuple[tuple[str, str], ...] = ()


class Tally(Record):
    """What a look has seen. `examined` counts rows, or what else it is `among`, `violations` departures (each is a
    `unit`), of which `witnesses` are the first.

    `sampled` says that the rows were drawn at random, so that none violating proves nothing. `way` says how it was
    decided, where there is more than one way; `telling` how the violating rows differ from the documented shape."""

    examined: int
    violations: int
    witnesses: tuple[Witness, ...] = ()
    unit: str = "departure"
    among: str = "row"
    sampled: bool = False
    way: str = ""
    telling: str = ""


class Unseen(Record):
    """The look could not be taken; `reason` says why, `help` what would let it (SQL or an option), or "".

    `glimpsed` rows were drawn at random before time ran out, and none of them violates."""

    reason: str
    help: str = ""
    glimpsed: int = 0


Seen = Tally | Unseen
