"""A history of migrations, and what was seen when it was run in every way that it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from conformance.model.catalog import Catalog
from conformance.model.contract import Level, Requirement
from conformance.model.outcome import Outcome, Verdict
from conformance.model.record import Record, field

Structure: TypeAlias = Mapping[str, str]
"""What is in a database, each object by kind and name (`column agents.name`), and how the server prints it."""

Rows: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""For each table its rows by their key, as JSON has them."""


class Statement(Record):
    """One statement of a file, and the line on which it begins."""

    text: str
    line: int
    words: tuple[str, ...] = ()

    @property
    def brief(self) -> str:
        """The statement in one line, without the comments before it, and not long."""
        lines = [line.strip() for line in self.text.strip().split("\n")]
        text = " ".join(" ".join(line for line in lines if not line.startswith("--")).split())
        return text if len(text) <= BRIEF else text[: BRIEF - 1].rstrip() + "…"

    @property
    def commits(self) -> bool:
        """Whether it ends transactions of its own as it goes."""
        return self.words[:1] == ("call",) or (self.words[:1] == ("do",) and bool(_ENDS.search(self.text)))


BRIEF = 72
_ENDS = re.compile(r"\b(?:commit|rollback)\s*(?:and\s+(?:no\s+)?chain\s*)?;", re.IGNORECASE)


class Script(Record):
    """The statements of one direction. `whole` says that they may run in one transaction."""

    statements: tuple[Statement, ...]
    whole: bool = True

    @property
    def bound(self) -> bool:
        """Whether they have to run in one transaction: one of them means nothing outside of it."""
        return self.whole and any(map(_needs_transaction, self.statements))

    @property
    def settled(self) -> bool:
        """Whether they have to run in one session: one of them may leave something there for those behind it."""
        return any((one.words[:1] and one.words[0] in _OF_SESSION) or _is_temporary(one) for one in self.statements)


_OF_SESSION = frozenset({"set", "reset", "select", "prepare", "load", "discard", "listen"})
_OF_TRANSACTION = frozenset({"search_path", "role", "session"})


def _is_temporary(statement: Statement) -> bool:
    return statement.words[:1] == ("create",) and bool({"temp", "temporary"} & set(statement.words[:4]))


def _needs_transaction(statement: Statement) -> bool:
    words = statement.words
    if words[:1] in (("lock",), ("declare",)) or words[:2] == ("set", "constraints"):
        return True
    if words[:2] == ("set", "local") and words[2:3] and words[2] in _OF_TRANSACTION:
        return True
    return _is_temporary(statement) and "on commit drop" in " ".join(statement.text.lower().split())


class Migration(Record):
    """One step of a history. `number` is as the file has it, `key` is the contract's number of four digits."""

    number: str
    key: str
    name: str
    file: str
    up: Script
    down: Script | None = None
    down_file: str = ""


class Broken(Record):
    """The statement that the server refused, from 0, and its message; `lacking` names an extension that it lacks."""

    statement: int
    message: str
    lacking: str = ""


class Shot(Record):
    """A database at one moment; `rows` are empty where they were not looked at."""

    structure: Structure
    rows: Rows = field(default_factory=dict)


class Run(Record):
    """One run of a script: what there was when it had ended, or what broke it; both where what it left was looked
    at."""

    shot: Shot | None = None
    broken: Broken | None = None


class Stop(Record):
    """A run that was stopped once `done` statements had run, or within the one behind them, by ending its session;
    `left` is what it left, and `run` the run of the whole script from there."""

    done: int
    way: Literal["statement by statement", "one transaction", "within a statement"]
    left: Structure
    run: Run


class Later(Record):
    """A migration run again when all up to `at` had run; `before` is what there was then."""

    at: str
    before: Shot
    run: Run


class Returned(Record):
    """The run of a down script, and that of the up script behind it; `rows` were there before the way down."""

    before: Structure
    after: Structure
    rows: Rows
    down: Run
    up: Run | None = None


class Effect(Record):
    """What one statement did to a table that had rows, and how long it took; `SHARE` is any lock that keeps writers
    out, and readers not."""

    statement: int
    table: str
    rows: int
    seconds: float
    kind: Literal["ACCESS EXCLUSIVE", "SHARE", "rewrite", "scan"]


class Large(Record):
    """The effects once more where those tables had many rows. For a table that could not be made large, why not;
    `broken` is what stopped it."""

    effects: tuple[Effect, ...]
    refused: Mapping[str, str]
    broken: str = ""


class Agent(Record):
    """One agent of a small world of namesakes."""

    id: str
    name: str
    created_at: str


class Namesakes(Record):
    """0015 run on agents that share names. `worlds` are the agents by the name of each world; `references` the
    columns that refer to agents, as `goals.agent_id`, and `unplanted` those of which no row could be made; `before` is
    what there was, `run` what became of it."""

    worlds: Mapping[str, tuple[Agent, ...]]
    references: tuple[str, ...]
    unplanted: tuple[str, ...]
    before: Shot
    run: Run


class Step(Record):
    """What the contract says of the catalog before and after a migration, and what is new or gone in it."""

    before: Catalog
    after: Catalog
    judged_before: tuple[Outcome, ...]
    judged_after: tuple[Outcome, ...]


class Words(Record):
    """The contract's words that the laws need: its requirements, the migration that they are put to, and the tables and
    columns that this one takes away (`organizations`, `agents.team_id`)."""

    requirements: tuple[Requirement, ...]
    leaving: frozenset[str] = frozenset()
    self_kept: frozenset[str] = frozenset()


class Seen(Record):
    """Everything that was seen of one migration. What was not looked at is None or empty; `unseen` says why, where it
    could not be. `may_refuse` are the errors, or parts of them, with which it may refuse to run again."""

    migration: Migration
    words: Words
    before: Structure = field(default_factory=dict)
    first: Run | None = None
    step: Step | None = None
    filled: Shot | None = None
    unfilled: Mapping[str, str] = field(default_factory=dict)
    whole: Run | None = None
    piecemeal: Run | None = None
    again: Run | None = None
    later: tuple[Later, ...] = ()
    stops: tuple[Stop, ...] = ()
    returned: Returned | None = None
    effects: tuple[Effect, ...] = ()
    large: Large | None = None
    namesakes: Namesakes | None = None
    undone_by: str | None = None
    may_refuse: tuple[str, ...] = ()
    unseen: str = ""


class Told(Record):
    """What a law says of one migration. `statement` is the one to blame, in the down script if `down`; `steps` are the
    lines of the smallest reproduction; `level` is there where it is not the law's."""

    verdict: Verdict
    observed: str
    note: str = ""
    level: Level | None = None
    statement: Statement | None = None
    down: bool = False
    object: str | None = None
    steps: tuple[str, ...] = ()
    examined: int = 1
    repair: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def kept(observed: str, note: str = "", examined: int = 1, **evidence: object) -> Told:
    """The law holds."""
    return Told(verdict="pass", observed=observed, note=note, examined=examined, evidence=evidence)


def unseen(why: str) -> Told:
    """It could not be looked at."""
    return Told(verdict="indeterminate", observed="", note=why, examined=0)


def idle(why: str) -> Told:
    """There is nothing that the law could be put to."""
    return Told(verdict="not-applicable", observed="", note=why, examined=0)
