"""What the database itself does not enforce: for every invariant of the rows, rows that break it, and whether they get
in by ordinary INSERTs.

The rows come from the scenes of the invariants, in the small clean world. From there only what is needed is taken to an
empty database: the rows on which the departure lies and those that they refer to, fewer and fewer, and of each fewer
and fewer columns, as long as all get in and the state plane still sees the departure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from conformance import state
from conformance.enforcement import enforced_by
from conformance.judge import judge
from conformance.model.breach import Breach
from conformance.model.catalog import Catalog
from conformance.model.contract import Contract
from conformance.model.experiment import Item, begin
from conformance.model.leftover import Leftover
from conformance.model.look import Tally
from conformance.model.looking import Asked, Looking
from conformance.model.reading import Reading
from conformance.model.record import replace
from conformance.model.specimen import insert
from conformance.model.sql import literal, printable
from conformance.selftest.scenes import scenes_of
from conformance.sources.workbench import Refused, Workbench
from conformance.state import Claim

Row = tuple[str, Mapping[str, str | None]]
"""A table, and the columns that are named, each as text."""

_LOOKING = Looking(distrust_indexes=True)


def untold(claim: Claim, left: Sequence[Leftover]) -> Breach | None:
    """The claim as not tried, where something that was not rebuilt has a say in the rows that it is about."""
    part = next((p for p in left if p.table in claim.invariant.needs and "index" not in p.claims), None)
    if part is None:
        return None
    return Breach(
        requirement=claim.requirement,
        expected=claim.invariant.expected,
        enforced_by="what was not rebuilt, perhaps",
        entry="not tried",
        detail=f"not provoked: {part.said}",
    )


class Breacher:
    """Tries to break invariants: `world` holds the small clean world, `empty` no rows."""

    def __init__(
        self,
        world: Workbench,
        empty: Workbench,
        contract: Contract,
        catalog: Catalog,
        through: str,
        order: Sequence[str],
        path: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.world = world
        self.empty = empty
        self.contract = contract
        self.through = through
        self.catalog = catalog
        self.order = [*order, *(name for name in contract.tables() if name not in order)]

    def breach(self, claim: Claim) -> Breach:
        """What becomes of one invariant."""
        requirement = claim.requirement
        found = Breach(
            requirement=requirement,
            expected=claim.invariant.expected,
            enforced_by=enforced_by(claim.invariant, Reading(catalog=self.catalog)),
            entry="not tried",
        )
        asked = self._asked(claim, self.catalog)
        if isinstance(asked, str):
            return replace(found, detail=asked)
        refused = ""
        entered: list[list[Row]] = []
        for violation in scenes_of(claim, self.contract).violations:
            for rows in self._planted(claim, violation):
                trying = _Trying(self.empty, claim, asked, self.catalog)
                way, why = trying.way_in(rows)
                refused = why or refused
                if way is not None:
                    entered.append(trying.smallest(way))
                    break
        if entered:
            smallest = min(entered, key=lambda rows: (len(rows), len(_script(rows, ()))))
            return replace(found, entry="gets in", script=_script(smallest, self.path))
        if refused:
            return replace(found, entry="refused", detail=refused)
        return replace(found, detail="none of the known ways to break it is one of rows alone")

    def _asked(self, claim: Claim, catalog: Catalog) -> Asked | str:
        """The look that sees the departure, or why there is none."""
        hosts = {o.requirement.id: o for o in judge(claim.hosts, catalog, self.through)}
        planned = state.plan([claim], Reading(catalog=catalog, distrust_indexes=True), hosts, _LOOKING, self.through)
        if planned.asked:
            return planned.asked[0]
        decided = planned.decided[claim.requirement.id]
        return str(getattr(decided, "reason", "") or getattr(decided, "observed", "") or "it is no claim on rows")

    def _planted(self, claim: Claim, violation: str) -> Iterator[list[Row]]:
        """The rows of a world that departs: first those of the witnesses with what they refer to, then all."""
        needs = [name for name in self.order if name in claim.invariant.needs]
        with self.world.changed(violation, list(claim.invariant.needs)) as look:
            if isinstance(look, Refused):
                return
            asked = self._asked(claim, look.catalog)
            seen = None if isinstance(asked, str) else look.only(asked, _LOOKING)
            if not isinstance(seen, Tally) or not seen.violations:
                return
            tables = [name for name in self.order if name in self.catalog.tables]
            texts = {name: look.texts(self.catalog.tables[name]) for name in tables}
        witnesses = {id_ for witness in seen.witnesses for id_ in witness.ids}
        rows: list[Row] = [(table, row) for table in tables for row in texts[table]]
        named = [(table, row) for table, row in rows if table in needs and witnesses & {*row.values()}]
        yield self._with_parents(named, rows)
        yield self._with_parents([row for row in rows if row[0] in needs], rows)

    def _with_parents(self, chosen: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
        """The rows and all that they refer to, in the order in which they can be put in."""
        kept = {id(row[1]) for row in chosen}
        todo = list(chosen)
        while todo:
            table, row = todo.pop()
            for key in self.catalog.tables[table].foreign_keys:
                wanted = tuple(row.get(name) for name in key.columns)
                for other in rows:
                    key_of_other = tuple(other[1].get(name) for name in key.target_columns)
                    if other[0] == key.target and id(other[1]) not in kept and key_of_other == wanted:
                        kept.add(id(other[1]))
                        todo.append(other)
        return [row for row in rows if id(row[1]) in kept]


class _Trying:
    """Rows put into the empty database, and looked at."""

    def __init__(self, empty: Workbench, claim: Claim, asked: Asked, catalog: Catalog) -> None:
        self.empty = empty
        self.needs = {table: set(columns) for table, columns in claim.invariant.needs.items()}
        self.asked = asked
        self.catalog = catalog

    def why_not(self, rows: Sequence[Row]) -> str | None:
        """ "" if the rows get in and depart, the server's words if it refuses them, None if they do not depart."""
        if not rows:
            return None
        seen = self.empty.seen(";\n".join(_statements(rows)), self.asked, _LOOKING)
        if isinstance(seen, Refused):
            return seen.reason
        return "" if isinstance(seen, Tally) and seen.violations else None

    def way_in(self, rows: list[Row]) -> tuple[list[Row] | None, str]:
        """The rows as they get in, whole or without what they need not name; or none, and the last refusal."""
        refused = ""
        for way in (rows, self._keeping(rows, self._required), self._keeping(rows, self._claimed)):
            why = self.why_not(way)
            if why == "":
                return way, ""
            refused = why or refused
        return None, refused

    def _keeping(self, rows: Sequence[Row], keeping: Callable[[str], set[str]]) -> list[Row]:
        return [(table, {name: row[name] for name in row if name in keeping(table)}) for table, row in rows]

    def smallest(self, rows: list[Row]) -> list[Row]:
        """As few rows, and of each as few columns, as still get in and depart."""
        rows = self._narrower(rows)
        return self._narrower(_fewer(rows, self._departs))

    def _departs(self, rows: Sequence[Row]) -> bool:
        return self.why_not(rows) == ""

    def _required(self, table: str) -> set[str]:
        """The columns that a statement has to name."""
        columns = self.catalog.tables[table].columns.values()
        return {column.name for column in columns if column.not_null and column.default is None}

    def _claimed(self, table: str) -> set[str]:
        """These, and those that the claim is about; of a table that others refer to, also what they refer to it by."""
        referred = {
            name
            for other in self.catalog.tables.values()
            for key in other.foreign_keys
            if key.target == table and other.name != table
            for name in key.target_columns
        }
        own = self.needs.get(table)
        return self._required(table) | (referred if own is None else own)

    def _likely(self, table: str) -> set[str]:
        """What has to be named, and what the claim is about, or what rows refer to each other by."""
        found = self.catalog.tables[table]
        keys = {key.column for index in found.indexes if index.primary for key in index.keys if key.column}
        references = {name for key in found.foreign_keys for name in key.columns}
        return self._required(table) | self.needs.get(table, set()) | keys | references

    def _narrower(self, rows: list[Row]) -> list[Row]:
        """The rows without the columns that need not be named, all at once or, where that is too many, one by one."""
        for keeping in (self._required, self._likely):
            bare = self._keeping(rows, keeping)
            if self._departs(bare):
                rows = bare
                if keeping == self._required:
                    return rows
                break
        for place, (table, row) in enumerate(rows):
            rest = rows[place + 1 :]

            def holds(names: list[str], place: int = place, rest: Sequence[Row] = rest) -> bool:
                table, row = rows[place]
                kept = {name: value for name, value in row.items() if name in names}
                return self._departs([*rows[:place], (table, kept), *rest])

            needed = [name for name in row if name in self._required(table)]
            left = needed if holds(needed) else _fewer(list(row), holds)
            rows[place] = (table, {name: row[name] for name in row if name in left})
        return rows


def _fewer(items: list[Item], holds: Callable[[list[Item]], bool]) -> list[Item]:
    """The items without those that can be left out, by halves first and then one by one."""
    size = max(len(items) // 2, 1)
    while size:
        place = len(items)
        while place > 0:
            start = max(place - size, 0)
            fewer = items[:start] + items[place:]
            if fewer != items and holds(fewer):
                items = fewer
            place = start
        size //= 2
    return items


def _statements(rows: Sequence[Row]) -> list[str]:
    return [
        insert(table, {name: "NULL" if value is None else literal(value) for name, value in row.items()})
        for table, row in rows
    ]


def _script(rows: Sequence[Row], path: Sequence[str]) -> str:
    return printable("\n".join([begin(path), *(f"{statement};" for statement in _statements(rows)), "ROLLBACK;"]))
