"""The runs of a replay, in their order, on one throw-away server: what is seen of each migration.

First each migration runs from empty, one behind the other, and leaves a database that is the template of all that
follows. What is looked at is what the chosen laws ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from conformance.model.contract import LAST_MIGRATION, Contract
from conformance.model.history import Broken, Later, Migration, Run, Seen, Step, Structure, Words
from conformance.model.namesakes import namesakes
from conformance.model.record import replace
from conformance.registry import history_laws

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.outcome import Outcome
    from conformance.model.target import Target
    from conformance.sandbox import Server
    from conformance.world import World

DEDUPLICATING = "0015"
_AT_ONCE = 2
"""How many migrations are looked at beside each other: the server works while we read what it said."""

Tell = Callable[[str], None]


class Rehearsal:
    """One history on one server. The database `at_0` is empty; `at_3` is what the first three migrations left."""

    def __init__(
        self,
        server: Server,
        contract: Contract,
        migrations: Sequence[Migration],
        asked: Mapping[str, frozenset[str]],
        tell: Tell,
        rows: int = 0,
        may_refuse: tuple[str, ...] = (),
    ) -> None:
        self._server = server
        self._contract = contract
        self._migrations = migrations
        self._wants = {key: frozenset(a for law in of for a in history_laws()[law].ASKS) for key, of in asked.items()}
        self._tell = tell
        self._rows = rows
        self._may_refuse = may_refuse
        self._url = server.create_database("at_0")
        self._stood_in: set[str] = set()
        self._worlds: dict[str, Sequence[World]] = {}

    def seen(self) -> tuple[Seen, ...]:
        """What was seen of each migration, in order."""
        found = self._first_runs()
        ran = [one for one in found if one.first is not None and one.first.shot is not None]
        undone = _undone(ran)
        later = self._later_runs(ran, undone)
        known = [
            replace(
                one,
                undone_by=undone.get(one.migration.key),
                later=tuple(later.get(one.migration.key, ())),
                may_refuse=self._may_refuse,
            )
            for one in found
        ]
        pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
        ended = False
        try:
            looked = tuple(pool.map(self._with_rows, range(len(known)), known))
            ended = True
            return looked
        finally:  # where it was interrupted, what still runs ends with the server
            pool.shutdown(wait=ended, cancel_futures=True)

    def stand_ins(self) -> tuple[str, ...]:
        """The extensions that something of ours stands in for."""
        return tuple(sorted(self._stood_in))

    def target(self, origin: str) -> Target:
        """What was looked at, as it presented itself."""
        from conformance.sources.database import Session
        from conformance.sources.url import parse

        with Session(parse(self._url), origin=origin) as session:
            session.catalog(())
            found = session.target()
        return found.thrown_away()

    def _first_runs(self) -> list[Seen]:
        """Each migration behind the ones before it, without rows, and what the contract says of each step."""
        from conformance.sources.replay_looks import first_run

        found: list[Seen] = []
        catalog, judged = self._examined(self._url, "0000", {})
        broken: tuple[Migration, Broken] | None = None
        for place, migration in enumerate(self._migrations):
            words = self._words(migration.key)
            if broken is not None:
                found.append(Seen(migration=migration, words=words, unseen=_not_reached(*broken)))
                continue
            self._tell(migration.file)
            url = self._server.create_database(f"at_{place + 1}", template=f"at_{place}")
            before, run, stood_in = first_run(url, migration)
            self._stood_in.update(stood_in)
            seen = Seen(migration=migration, words=words, before=before, first=run)
            if run.broken is not None:
                broken = migration, run.broken
                seen = replace(seen, unseen=_not_reached(*broken))
            elif run.shot is not None and migration.key <= LAST_MIGRATION:
                after, now = self._examined(url, migration.key, run.shot.structure)
                step = Step(before=catalog, after=after, judged_before=judged, judged_after=now)
                seen = replace(seen, step=step)
                catalog, judged = after, now
            self._url = url if run.broken is None else self._url
            found.append(seen)
        return found

    def _examined(self, url: str, key: str, structure: Structure) -> tuple[Catalog, tuple[Outcome, ...]]:
        """The catalog, and what the contract says of it as of a migration."""
        from conformance.judge import judge, questions_for
        from conformance.sources.database import Session
        from conformance.sources.url import parse

        requirements = self._contract.requirements if any("steps" in of for of in self._wants.values()) else ()
        there = {name.removeprefix("table ") for name in structure if name.startswith("table ")}
        with Session(parse(url), origin="") as session:
            catalog = session.catalog(sorted({*self._contract.tables(), *there}))
            answers = session.answers(questions_for(requirements, catalog, key))
        catalog = replace(catalog, answers=answers)
        return catalog, judge(requirements, catalog, key)

    def _words(self, key: str) -> Words:
        found = self._contract.requirements
        leaving = {r.subject for r in found if r.until == key and r.claim in ("table", "column")}
        self_kept = {f"{r.table}.updated_at" for r in found if r.claim == "trigger"}
        return Words(requirements=found, leaving=frozenset(leaving), self_kept=frozenset(self_kept))

    def _with_rows(self, place: int, one: Seen) -> Seen:
        """The same migration on rows, as far as the chosen laws ask for it."""
        from conformance.sources.replay_looks import filled_runs
        from conformance.sources.replay_looks import namesakes as on_namesakes

        if one.first is None or one.first.shot is None:
            return one
        migration, wants = one.migration, self._wants[one.migration.key]
        worlds = self._world(self._migrations[place - 1].key if place else "0000")
        self._tell(migration.file)
        if "rows" in wants:
            seen = filled_runs(self._server, f"at_{place}", migration, worlds, wants, self._rows)
            one = replace(
                one,
                filled=seen.before,
                unfilled=seen.unfilled,
                whole=seen.whole,
                piecemeal=seen.piecemeal,
                again=seen.again,
                stops=seen.stops,
                returned=seen.returned,
                effects=seen.effects,
                large=seen.large,
            )
        if "namesakes" in wants and migration.key == DEDUPLICATING:
            told = on_namesakes(self._server, f"at_{place}", migration, worlds, namesakes())
            one = replace(one, namesakes=told)
        return one

    def _later_runs(self, ran: Sequence[Seen], undone: Mapping[str, str]) -> Mapping[str, Sequence[Later]]:
        """Each migration behind the last that leaves alive what it brought, and behind the last of all."""
        from conformance.sources.replay_looks import later_runs

        keys = [one.migration.key for one in ran]
        wanted: dict[int, list[Migration]] = {}
        for place, one in enumerate(ran[:-1]):
            if "later" in self._wants[one.migration.key]:
                taken = undone.get(one.migration.key)
                last = keys.index(taken) - 1 if taken is not None else len(keys) - 1
                for at in {last, len(keys) - 1} - {place}:
                    wanted.setdefault(at, []).append(one.migration)
        found: dict[str, list[Later]] = {}
        for at, migrations in sorted(wanted.items()):
            worlds = self._world(keys[at])
            for key, later in later_runs(self._server, f"at_{at + 1}", keys[at], migrations, worlds).items():
                found.setdefault(key, []).append(later)
        return found

    def _world(self, key: str) -> Sequence[World]:
        """The small world for a database as of a migration."""
        from conformance.fixtures_of import small_world
        from conformance.world import load

        if key not in self._worlds:
            self._worlds[key] = [load(file) for file in small_world(key)]
        return self._worlds[key]


def _not_reached(migration: Migration, broken: Broken) -> str:
    if broken.lacking:
        return f"the throw-away server lacks the extension {broken.lacking}, which {migration.file} needs"
    return f"{migration.file} does not run: {broken.message}"


def _undone(ran: Sequence[Seen]) -> Mapping[str, str]:
    """For a migration the first later one that takes away something that it brought."""
    found: dict[str, str] = {}
    for place, one in enumerate(ran):
        brought = _structure(one.first).keys() - one.before.keys()
        for later in ran[place + 1 :]:
            if brought & (later.before.keys() - _structure(later.first).keys()):
                found[one.migration.key] = later.migration.key
                break
    return found


def _structure(run: Run | None) -> Structure:
    return run.shot.structure if run is not None and run.shot is not None else {}
