"""From outcomes and a catalog to what could mend them, kind by kind: each repair sees the tables as those before it
leave them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from conformance.judge import asked_of
from conformance.model.catalog import Catalog, Table
from conformance.model.contract import Contract, Requirement
from conformance.model.event_triggers import fired_by
from conformance.model.look import Groups, Look, Rows, Seen, Tally
from conformance.model.looking import Asked
from conformance.model.outcome import Outcome
from conformance.model.record import Record, replace
from conformance.model.repair import Left, Mend, Site
from conformance.model.scene import Scene
from conformance.registry import repairs

_BY_TYPE = frozenset({"check", "accepts", "one-of"})
"""Claims that cannot hold as long as the type of a column is another one."""

_One = TypeVar("_One", Mend, Left)

_FIRST = ("table", "column", "type", "default", "not-null", "one-of", "check", "primary-key", "unique")
"""Kinds on which others rest; what is behind them has no order of its own."""


WATCHED = "watched"
"""The id of the look for event triggers."""


class Draft(Record):
    """A plan before the rows are known: `asked` says what to ask of them. `order` has all that fails, `passed_over`
    what of it is not to be mended."""

    mends: tuple[Mend, ...]
    left: tuple[Left, ...]
    order: tuple[str, ...]
    passed_over: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The looks, each with an id that says whose it is."""
        if not self.mends:
            return ()
        own = (
            Asked(id=f"{number}.{place}", look=look, reads=_reads(look))
            for number, mend in enumerate(self.mends)
            for place, look in (*enumerate(mend.rows), *_users(mend))
            if look is not None
        )
        watched = fired_by(step.sql for mend in self.mends for step in mend.steps)
        return (*own, Asked(id=WATCHED, look=watched, reads=_reads(watched)))

    def taken(self, seen: Mapping[str, Seen]) -> frozenset[str]:
        """The names that it gives, and that something else was seen to have, where others would do."""
        return frozenset(
            one.name
            for number, mend in enumerate(self.mends)
            for place, one in enumerate(mend.users)
            if one.name and isinstance(found := seen.get(f"{number}.users {place}"), Tally) and found.violations
        )


def draft(
    contract: Contract,
    catalog: Catalog,
    outcomes: Sequence[Outcome],
    through: str,
    major: int,
    chosen: Callable[[Outcome], bool] = lambda outcome: True,
    taken: frozenset[str] = frozenset(),
) -> Draft:
    """What could mend the outcomes that fail and are chosen, without giving a name that is taken."""
    failing = {
        o.requirement.id: o.requirement for o in outcomes if o.verdict == "fail" and o.requirement.level != "may"
    }
    passed_over = frozenset(o.requirement.id for o in outcomes if o.requirement.id in failing and not chosen(o))
    return _Drafting(contract, catalog, failing, passed_over, through, major, taken).draft()


class _Drafting:
    def __init__(
        self,
        contract: Contract,
        catalog: Catalog,
        failing: Mapping[str, Requirement],
        passed_over: frozenset[str],
        through: str,
        major: int,
        taken: frozenset[str],
    ) -> None:
        self.scene = Scene(catalog=catalog, asked=asked_of(contract.requirements, through))
        self.failing = failing
        self.passed_over = passed_over
        self.major = major
        self.taken = taken
        self.tables: dict[str, Table] = dict(catalog.tables)
        self.schema = _schema(catalog)
        self.makes: set[str] = set()
        self.added: dict[str, set[str]] = {}
        self.anew: dict[tuple[str, str], str] = {}
        self.brings: dict[tuple[str, str], tuple[str, ...]] = {}
        self.done: dict[str, Mend] = {}
        self.left: dict[str, Left] = {}

    def draft(self) -> Draft:
        kinds = repairs()
        order = {kind: place for place, kind in enumerate(dict.fromkeys((*_FIRST, *kinds)))}
        for requirement in sorted(self.failing.values(), key=lambda r: order[r.kind]):
            if requirement.id in self.done or requirement.id in self.left or requirement.id in self.passed_over:
                continue
            found = self._waits(requirement) or kinds[requirement.kind].mend(requirement, self._site(requirement))
            if isinstance(found, Left):
                self.left |= dict.fromkeys((requirement.id, *found.leaves), found)
            elif not found.steps:
                unknown = Left(leaves=found.mends, why="decision", reason="no way to mend it is known here")
                self.left |= dict.fromkeys((requirement.id, *found.mends), unknown)
            else:
                found = self._resting(requirement, found)
                self.done |= dict.fromkeys((requirement.id, *found.mends), found)
                self._made(requirement, found)
        mends, left = _once(self.done.values()), _once(self.left.values())
        passed_over = self.passed_over - self.done.keys()
        return Draft(mends=tuple(mends), left=tuple(left), order=tuple(self.failing), passed_over=passed_over)

    def _site(self, requirement: Requirement) -> Site:
        return Site(
            table=self.tables.get(requirement.table),
            scene=self.scene,
            schema=self.schema,
            major=self.major,
            failing=frozenset(self.failing),
            added=frozenset(self.added.get(requirement.table, ())),
            anew=frozenset(self.anew),
            taken=self.taken,
            created=requirement.table in self.makes,
            makes=frozenset(self.makes),
        )

    def _resting(self, requirement: Requirement, mend: Mend) -> Mend:
        """What is on a table or a column that is made, or made otherwise, waits for that; and has no rows to look for
        where the table has none, so that the column is made anew."""
        target, _, keys = str(requirement.spec.get("references", "")).partition(".")
        on = [(requirement.table, name) for name in ("", *requirement.columns)]
        on += [(target, name) for name in ("", *keys.split("+"))]
        needs = dict.fromkeys(id_ for place in on for id_ in self.brings.get(place, ()) if id_ not in mend.mends)
        if any(place in self.anew for place in on[: len(requirement.columns) + 1]):
            mend = replace(mend, rows=(), stops="", blind="")
        return replace(mend, needs=(*mend.needs, *needs))

    def _made(self, requirement: Requirement, mend: Mend) -> None:
        if mend.table is None:
            return
        if requirement.table not in self.tables:
            self.makes.add(requirement.table)
        before = self.tables.get(requirement.table)
        if requirement.kind == "type" and mend.rows:
            self.anew[requirement.table, requirement.columns[0]] = requirement.id
            self.added.setdefault(requirement.table, set()).add(requirement.columns[0])
        for name, column in mend.table.columns.items():
            if before is None or before.columns.get(name) != column:
                place = (requirement.table, name)
                self.brings[place] = (*self.brings.get(place, ()), requirement.id)
        if before is None:
            self.brings[requirement.table, ""] = (requirement.id,)
        new = mend.table.columns.keys() - (before.columns.keys() if before else set())
        self.added.setdefault(requirement.table, set()).update(new)
        self.tables[requirement.table] = mend.table

    def _waits(self, requirement: Requirement) -> Left | None:
        """Why what the requirement hangs on is not there, and will not be."""
        if requirement.kind == "table":
            return None
        target = str(requirement.spec.get("references", "")).partition(".")[0]
        for name in filter(None, (requirement.table, target)):
            table = self.tables.get(name)
            if table is None:
                return self._hanging(requirement, f"there is no table {name}")
            if not table.is_table:
                reason = f"a {table.described} stands there: what mends it is behind it"
                return Left(leaves=(requirement.id,), why="elsewhere", reason=reason)
        table = self.tables[requirement.table]
        for name in requirement.columns if requirement.kind != "column" else ():
            if name not in table.columns:
                return self._hanging(requirement, f"there is no column {requirement.table}.{name}")
            if table.columns[name].generated:
                return self._hanging(requirement, f"{requirement.table}.{name} is computed")
            if requirement.claim in _BY_TYPE and (typed := self._type_left(requirement.table, name)):
                return self._hanging(requirement, f"it waits for {typed}")
        return None

    def _type_left(self, table: str, column: str) -> str:
        """The claim on the column's type, where that departs and stays as it is."""
        claims = (r for r in self.scene.asked.get(table, ()) if (r.claim, r.columns) == ("type", (column,)))
        return next((r.id for r in claims if r.id in self.failing and r.id not in self.done), "")

    def _hanging(self, requirement: Requirement, reason: str) -> Left:
        return Left(leaves=(requirement.id,), why="waits", reason=reason)


def _once(found: Iterable[_One]) -> Iterator[_One]:
    known: set[int] = set()
    for one in found:
        if id(one) not in known:
            known.add(id(one))
            yield one


def _users(mend: Mend) -> Iterator[tuple[str, Look]]:
    """The looks for what would stop a step."""
    for place, one in enumerate(mend.users):
        yield f"users {place}", one.look


def _reads(look: Look) -> tuple[tuple[str, str, str], ...]:
    if isinstance(look, Rows | Groups):
        return ((look.table.schema, look.table.name, ""),)
    return ()


def _schema(catalog: Catalog) -> str:
    """Where a new table goes: to the others, or where the path leads; of which `public` alone is surely there."""
    found = [table.schema for table in catalog.tables.values()]
    otherwise = "public" if "public" in catalog.path else next(iter(catalog.path), "public")
    return max(dict.fromkeys(found), key=found.count, default=otherwise)
