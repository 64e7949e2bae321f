"""One area of a schema driven by plain statements, beside two oracles: what the documentation says of a call, and which
rows break which invariant. After each step every invariant whose rows have changed is evaluated on the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from conformance import state
from conformance.course import STRAY, Course, moves_of
from conformance.model.catalog import Catalog
from conformance.model.conduct import Area, Call, Departure, Law
from conformance.model.contract import Requirement
from conformance.model.experiment import Plainly, begin
from conformance.model.look import Tally, Unseen
from conformance.model.looking import Asked, Looking
from conformance.model.move import Insert, Move, Rows, alike, changing, written
from conformance.model.outcome import Outcome
from conformance.model.record import Record
from conformance.model.specimen import Scribe, Specimens, insert
from conformance.model.sql import printable
from conformance.oracles.constraints import Constraints
from conformance.sources.steps import Steps
from conformance.state import Claim
from conformance.violations import violations

LOOKING = Looking(distrust_indexes=True)
_START = 0x7C0E_0000_0000
"""Rows that a step needs beside its own are numbered from here on."""


class Ground(Record):
    """What all areas of a schema share: `asked` are the looks of the claims, `columns` those that live and are there,
    `documented` the tables that live, `unseen` the claims that cannot be looked at here, and why."""

    catalog: Catalog
    constraints: Constraints
    specimens: Specimens
    claims: tuple[Claim, ...]
    asked: tuple[Asked, ...]
    columns: Mapping[str, frozenset[str]]
    documented: frozenset[str]
    unseen: tuple[tuple[Claim, str], ...]
    profile: str
    through: str
    path: tuple[str, ...]


class Drive:
    """Histories of one area; what is driven is like an implementation's `Driver`.

    `looks` counts the invariants that were evaluated, `broken` holds those that were seen broken; of the `begun` rows
    with which a history begins, those in `left_out` are not there."""

    def __init__(self, area: Area, laws: tuple[Law, Law], ground: Ground, steps: Steps) -> None:
        self.AREA, self.STEPS = area.AREA, area.STEPS
        self.law, self.INVARIANTS = laws
        self.audited = True
        self.hung = False
        self.looks = 0
        self.steps = 0
        self.broken: set[str] = set()
        self.accepted = 0
        self.unread = {
            claim.requirement.id: (claim.requirement.level, why)
            for claim, why in ground.unseen
            if not area.TABLES.isdisjoint(claim.invariant.needs)
        }
        self._area, self._ground, self._server = area, ground, steps
        self._begun = moves_of(area.GROUND, ground.catalog)
        self.begun = len(self._begun)
        self.left_out: set[int] = set()
        self._rows: Rows = {}
        self._ground_seen = False
        self._from_the_start: Departure | None = None
        self.begin()

    @property
    def area(self) -> Drive:
        """Of which histories are made."""
        return self

    def begin(self) -> None:
        """Nothing has happened yet."""
        self.model = Course(self._area, self._ground.catalog)
        self._numbered = _START
        begun = [move for place, move in enumerate(self._begun) if place not in self.left_out]
        self._script = [statement for move in begun for statement in self._statements([move])]
        self.refused = self._server.begin(self._script)
        self._on_course = True
        rows = self._server.rows()
        if not self._ground_seen:  # it is the same for all histories
            self._ground_seen = True
            self._from_the_start = self._found("", rows)
        self._rows = self.model.rows = rows

    def _statements(self, moves: Sequence[Move]) -> list[str]:
        """The moves as SQL; what the database wants beside what is documented is there too."""
        found = []
        for move in moves:
            table = self._ground.catalog.tables[move.table]
            if isinstance(move, Insert):
                scribe = Scribe(self._ground.specimens, Plainly(), self._numbered)
                row = scribe.row(move.table, written(move.row, table), drawn=False)
                self._numbered += 100
                found += [*scribe.given, insert(move.table, row)]
            else:
                found.append(changing(move, table))
        return found

    def step(self, adapter: Any, call: Call, *, back: bool = False) -> Departure | None:
        """One step, made and judged; with `back` it is taken back whatever comes of it."""
        if self.audited and self._from_the_start is not None:
            return self._from_the_start
        value = self.model.plausible(call)
        moves = self.model.moves(call, value, self._rows)
        if not moves:
            return None
        self.steps += 1
        expected = None if call.op in (STRAY, "put") or not self._on_course else self.model.expected(call)
        valid = expected is not None and expected.fate == "accepted"
        world = self._ground.constraints.after(self._rows, moves)
        before = {r.id for r in self._ground.constraints.violated(self._rows)}
        refusing = [r for r in self._ground.constraints.violated(world) if r.id not in before]
        statements = self._statements(moves)
        if words := self._server.run(statements):
            if valid and not refusing and expected is not None:
                return self._departure(statements, f"refused: {words}", f"accepted, since {expected.why}")
            return None
        rows = self._server.rows()
        still = {r.id for r in self._ground.constraints.violated(rows)}
        if kept := [r for r in refusing if r.id in still]:
            return self._departure(statements, "accepted", f"refused, by {kept[0].id}", kept[0])
        if valid and not refusing and expected is not None and (wrong := _differences(world, rows, self._area.TABLES)):
            return self._departure(statements, wrong, f"accepted, since {expected.why}")
        after = self._rows
        if (found := self._found(";\n".join(statements), rows)) is not None:
            return found
        if back or (self._on_course and not valid and call.op not in (STRAY, "put")):
            self._server.undo()
            self._rows = self.model.rows = after
            return None
        self._script += statements
        self.accepted += valid
        self._on_course = self._on_course and call.op != STRAY
        if valid or call.op == "put":
            self.model.apply(call, value)
        return None

    def _found(self, statement: str, rows: Rows) -> Departure | None:
        """The first invariant of which server and oracle do not say the same, of those whose rows have changed."""
        changed = {table for table, some in rows.items() if self._rows.get(table) != some}
        self._rows = self.model.rows = rows
        chosen = [claim for claim in self._ground.claims if not changed.isdisjoint(claim.invariant.needs)]
        if not self.audited or not chosen:
            return None
        ids = {claim.requirement.id for claim in chosen}
        seen = self._server.looked([one for one in self._ground.asked if one.id in ids], LOOKING)
        wanted = self._wanted(rows)
        for claim in chosen:
            id_, one = claim.requirement.id, seen.get(claim.requirement.id)
            if not isinstance(one, Tally):
                why = getattr(one, "reason", "") or "it was not looked at"
                self.unread[id_] = (claim.requirement.level, why)
                continue
            self.looks += 1
            if wanted.get(id_):
                self.broken.add(id_)
            if id_ in wanted and bool(one.violations) != bool(wanted[id_]):
                here, there = ("holds", "is broken") if wanted[id_] else ("is broken", "holds")
                words = f"`conformance audit` finds that {id_} {here}, and the oracle that it {there}"
                return self._disagreement(statement, words, claim.requirement)
        return None

    def _wanted(self, rows: Rows) -> Mapping[str, set[Any]]:
        ground = self._ground
        try:
            return violations(
                {table: [dict(row) for row in some] for table, some in rows.items()},
                ground.profile,
                ground.through,
                datetime.now(UTC),
                ground.columns,
            )
        except (TypeError, ValueError, AttributeError) as error:
            self.unread.setdefault("the oracle", ("must", f"it cannot read these rows: {error}"))
            return {}

    def _departure(
        self, statements: Sequence[str], observed: str, documented: str, by: Requirement | None = None
    ) -> Departure:
        lines = [f"-- documented: {documented}", *(f"{one};" for one in statements), f"-- here: {observed}"]
        return Departure(
            law=self.law,
            observed=f"{observed}, and should be {documented}",
            level=by.level if by is not None else None,
            note=by.id if by is not None else "",
            script=self._scripted(lines),
        )

    def _disagreement(self, statement: str, words: str, of: Requirement) -> Departure:
        lines = [*([f"{statement};"] if statement else []), f"-- {words}"]
        return Departure(law=self.INVARIANTS, observed=words, level=of.level, note=of.id, script=self._scripted(lines))

    def _scripted(self, lines: Sequence[str]) -> str:
        before = [f"{statement};" for statement in self._script]
        return printable("\n".join([begin(self._ground.path), *before, *lines, "ROLLBACK;"]))

    def strays(self) -> Iterator[Call]:
        """The careless statements that may be tried now."""
        yield from self.model.offers(STRAY)


def _differences(world: Rows, rows: Rows, tables: frozenset[str]) -> str:
    """What of these tables is otherwise than it should be. What a row does not name is not compared, and of times no
    more than that there is one."""
    for table in sorted(tables & rows.keys()):
        left = list(rows[table])
        for row in sorted(world.get(table, ()), key=len, reverse=True):
            match = next((one for one in left if _as_told(row, one)), None)
            if match is None:
                return f"in {table} a row is otherwise, or is not there: {_shown(row)}"
            left.remove(match)
        if left:
            return f"in {table} there is a row that should not be there: {_shown(left[0])}"
    return ""


def _as_told(row: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return all(
        (value is None) == (found.get(name) is None) if name.endswith("_at") else alike(found.get(name), value)
        for name, value in row.items()
    )


def _shown(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(row.items()) if value not in (None, [], {}))


def ground_of(
    living: Sequence[Requirement],
    claims: Sequence[Claim],
    catalog: Catalog,
    specimens: Specimens,
    profile: str,
    through: str,
    path: tuple[str, ...],
) -> Ground:
    """What the areas of a schema share."""
    from conformance.judge import judge
    from conformance.model.reading import Reading

    alive = tuple(claim for claim in claims if claim.requirement.alive(through) and claim.requirement.level != "may")
    hosts = tuple(dict.fromkeys(host for claim in alive for host in claim.hosts))
    structure = {o.requirement.id: o for o in judge(hosts, catalog, through)}
    planned = state.plan(alive, Reading(catalog=catalog, distrust_indexes=True), structure, LOOKING, through)
    asked = {one.id for one in planned.asked}
    documented: dict[str, set[str]] = {}
    for r in living:
        if r.claim == "column" and r.table in catalog.tables and r.columns[0] in catalog.tables[r.table].columns:
            documented.setdefault(r.table, set()).add(r.columns[0])
    return Ground(
        catalog=catalog,
        constraints=Constraints(living, catalog),
        specimens=specimens,
        claims=tuple(claim for claim in alive if claim.requirement.id in asked),
        asked=planned.asked,
        columns={table: frozenset(names) for table, names in documented.items()},
        unseen=tuple(
            (claim, why) for claim in alive if (why := _why_unseen(planned.decided.get(claim.requirement.id)))
        ),
        documented=frozenset(r.table for r in living if r.claim in ("table", "column")),
        profile=profile,
        through=through,
        path=path,
    )


def _why_unseen(decided: object) -> str:
    """Why an invariant cannot be looked at here: what it reads is not there, or not of a type that can be read."""
    if isinstance(decided, Unseen):
        return decided.reason
    return decided.observed if isinstance(decided, Outcome) and decided.verdict == "fail" else ""
