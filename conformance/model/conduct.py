"""How an implementation conducts itself, as data: laws, calls, what is expected of them, and what came of them.

Things are named by symbols (`r1`, `u2`), which stand for the ids that an implementation gives, so that a history reads
the same whatever the ids are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from conformance.model.contract import Level
from conformance.model.record import Record, field

_OF_THIS_RUN = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?"
)
"""Ids that no symbol stands for, and times: what two runs do not share."""

Way = Literal["history", "invariants", "race", "crash"]
Fate = Literal["accepted", "refused", "error"]
View = Mapping[str, Mapping[str, Any]]
"""What is in the database, by the symbol: for each thing its facts."""


class Law(Record):
    """A law of an implementation. `needs` are the operations without which it says nothing; `papers` is its
    documentation; `way` how it is put to the test."""

    id: str
    level: Level
    since: str
    expected: str
    needs: frozenset[str]
    papers: str
    way: Way = "history"

    @property
    def area(self) -> str:
        """`approvals`."""
        return self.id.partition("/")[0]


class Ref(Record):
    """What a symbol stands for."""

    name: str

    def __repr__(self) -> str:
        return self.name


class Call(Record):
    """One call. `args` may hold `Ref`; `gives` are the symbols of what it makes."""

    op: str
    args: tuple[tuple[str, Any], ...]
    gives: tuple[str, ...] = ()

    def arg(self, name: str) -> Any:
        """An argument; of a `Ref`, its symbol."""
        value = dict(self.args)[name]
        return value.name if isinstance(value, Ref) else value

    @property
    def words(self) -> str:
        """`r1 = request_approval(goal=g1, required=2)`."""
        given = ", ".join(f"{name}={value!r}" for name, value in self.args)
        return f"{' '.join(self.gives)} = {self.op}({given})" if self.gives else f"{self.op}({given})"


class Answer(Record):
    """What came of a call: `value` is what it gave, by symbols; `words` why it was refused, or the error.

    `transient` is an error that only says that the call may be repeated (a serialization failure, a deadlock)."""

    fate: Fate
    value: Any = None
    words: str = ""
    transient: bool = False

    @property
    def said(self) -> str:
        """For a history."""
        if self.fate == "accepted":
            return "accepted" if self.value is None else f"gives {_shown(self.value)}"
        return f"{self.fate}{': ' if self.words else ''}{self.words}"


class Expected(Record):
    """What the documentation asks of a call: `either` may be accepted or refused.

    `law` names the one of the area that is departed from where it is otherwise; `why` goes on behind "because";
    `sort` tells apart what is drawn separately."""

    fate: Literal["accepted", "refused", "either"]
    law: str
    why: str
    sort: str = ""


class Scene(Record):
    """What is there before two calls, or one that is interrupted: `given` are calls that were answered. `second` is
    None where one is interrupted."""

    law: Law
    given: tuple[Call, ...]
    first: Call
    second: Call | None = None
    anomaly: str = ""


class Query(Record):
    """How things of one sort are looked up: SQL that gives `id` and the facts, each as text or an array of texts."""

    noun: str
    sql: str


class Model(Protocol):
    """What the documentation says is there: an oracle in plain Python. `expected` is asked before `apply`."""

    def offers(self, op: str) -> Sequence[Call]:
        """The calls of an operation that may be tried now: a small domain, the plainest first."""

    def expected(self, call: Call) -> Expected: ...

    def objection(self, call: Call, value: Any) -> str:
        """What is wrong with what an accepted call gave, or ""."""

    def plausible(self, call: Call) -> Any:
        """What a right implementation may give."""

    def apply(self, call: Call, value: Any) -> None:
        """The call was accepted, and gave this."""

    def view(self) -> View: ...


class Put(Record):
    """What we ourselves put into the database in the course of a history: rows to insert, or columns of one to set."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    table: str = ""
    id: Ref | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


class Area(Protocol):
    """What a module of `conformance.conduct` offers beside its laws.

    `GROUND` are the rows that are there before, in words `GIVEN`; `OPERATIONS` what histories are made of; `TABLES`
    those whose invariants are looked at; `STEPS` how long a history may be. `put` says what a call of `put`, which is
    ours, means."""

    __doc__: str
    AREA: str
    GIVEN: str
    GROUND: Mapping[str, Sequence[Mapping[str, Any]]]
    OPERATIONS: tuple[str, ...]
    TABLES: frozenset[str]
    QUERIES: tuple[Query, ...]
    STEPS: int
    ACCEPTS: Law
    INVARIANTS: Law

    def model(self) -> Model: ...

    def put(self, call: Call) -> Put: ...

    def scenes(self) -> Sequence[Scene]: ...


class Departure(Record):
    """A departure from a law: what was seen, the calls that lead to it with their answers, and a script of statements
    in columns where sessions met. `level` is there where it is not the law's."""

    law: Law
    observed: str
    level: Level | None = None
    history: tuple[str, ...] = ()
    script: str | None = None
    note: str = ""


class Told(Record):
    """What became of a law: a departure, or how much was tried in vain, or why it could not be looked at."""

    law: Law
    departure: Departure | None = None
    unseen: str = ""
    idle: str = ""
    note: str = ""
    tried: int = 0
    unit: str = "call"
    evidence: Mapping[str, Any] = field(default_factory=dict)


def lasting(text: str) -> str:
    """The text in words that two runs share."""
    return _OF_THIS_RUN.sub("…", text)


def differences(expected: View, observed: View) -> list[str]:
    """What is otherwise than it should be, in words."""
    found = []
    for name in sorted(expected.keys() | observed.keys()):
        here, there = expected.get(name), observed.get(name)
        if here is None:
            facts = ", ".join(f"{key} {_shown(value)}" for key, value in (there or {}).items())
            found.append(f"there is {name} ({facts}), which should not be there")
        elif there is None:
            found.append(f"{name} is not there")
        else:
            found += [
                f"{key} of {name} is {_shown(there[key])}, and should be {_shown(value)}"
                for key, value in here.items()
                if there[key] != value
            ]
    return found


def _shown(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else str(value)
