"""One migration run in every way that it may be, on copies of the database that the ones before it left.

Copies are made by `CREATE DATABASE … TEMPLATE`. Where a script may run in one transaction, a run whose end is only
looked at is rolled back, so that one copy serves many looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from conformance.model.history import (
    Agent,
    Broken,
    Effect,
    Large,
    Later,
    Migration,
    Namesakes,
    Returned,
    Rows,
    Run,
    Script,
    Shot,
    Stop,
    Structure,
)
from conformance.model.record import Record
from conformance.sources.replay_effects import observed
from conformance.sources.replay_many import multiply
from conformance.sources.replay_rows import fill, plant, references
from conformance.sources.replay_running import Connection, connect, kill, run, run_committed, session, undone
from conformance.sources.replay_shots import rows as rows_of
from conformance.sources.replay_shots import shot, structure
from conformance.sources.replay_within import can_be_held, ended_within, stopped_within
from conformance.sources.stand_ins import stood_in
from conformance.world import World


class Server(Protocol):
    """What is asked of a throw-away server."""

    def create_database(self, name: str, template: str | None = None) -> str: ...

    def drop_database(self, name: str) -> None: ...


class Filled(Record):
    """A migration run on a database with rows, in every way."""

    before: Shot
    unfilled: Mapping[str, str]
    whole: Run | None
    effects: tuple[Effect, ...]
    large: Large | None
    piecemeal: Run
    again: Run | None
    stops: tuple[Stop, ...]
    returned: Returned | None


@contextmanager
def copy(server: Server, name: str, template: str | None) -> Iterator[str]:
    """A database for the length of the context."""
    url = server.create_database(name, template)
    try:
        yield url
    finally:
        server.drop_database(name)


def first_run(url: str, migration: Migration) -> tuple[Structure, Run, tuple[str, ...]]:
    """The migration on the database as the ones before it left it, without rows, for good; what was there before, and
    the extensions that something stands in for."""
    with session(url) as connection:
        before = structure(connection)
        broken = run_committed(connection, migration.up)
        ended = Run(broken=broken) if broken else Run(shot=shot(connection, with_rows=False))
        return before, ended, () if connection.closed else stood_in(connection)


def filled_runs(
    server: Server, template: str, migration: Migration, worlds: Sequence[World], wants: frozenset[str], rows: int = 0
) -> Filled:
    """The migration on a copy of `template` with rows: whole, in pieces, stopped, again, and back."""
    name = f"{template}_with_rows"
    with copy(server, name, template) as url:
        with session(url) as connection:
            unfilled = fill(connection, worlds)
            before = shot(connection)
        if not migration.up.whole:
            return _in_pieces(server, url, name, migration, (before, unfilled), wants)
        with session(url) as connection, undone(connection):
            broken, effects = observed(connection, migration.up.statements)
            whole = Run(broken=broken) if broken else Run(shot=shot(connection))
        large = _on_many(server, name, migration.up, effects, rows) if rows and effects and not broken else None
        stops = [*_stopped_whole(url, migration.up)] if "stops" in wants and not broken else []
        last, more = _piecemeal(server, url, name, migration.up, stopping="stops" in wants)
        again = returned = None
        if last.shot is not None:
            again = _attempt(url, migration.up)
            if migration.down is not None:
                returned = _return(url, before.structure, last.shot, migration.up, migration.down)
        return Filled(
            before=before,
            unfilled=unfilled,
            whole=whole,
            effects=effects,
            large=large,
            piecemeal=last,
            again=again,
            stops=(*stops, *more),
            returned=returned,
        )


def _on_many(server: Server, name: str, script: Script, effects: Sequence[Effect], rows: int) -> Large:
    """The script on a copy in which the tables that it had an effect on are large."""
    with copy(server, f"{name}_large", name) as place, session(place) as connection:
        refused = multiply(connection, sorted({effect.table for effect in effects}), rows)
        with undone(connection):
            broken, seen = observed(connection, script.statements)
        return Large(effects=seen, refused=refused, broken=broken.message if broken else "")


def _stopped_whole(url: str, script: Script) -> Iterator[Stop]:
    """The script in one transaction, its session ended behind each of its statements, and run again from there."""
    with session(url) as beside:
        for done in range(1, len(script.statements) + 1):
            victim = connect(url)
            victim.execute("BEGIN")
            run(victim, script.statements[:done])
            kill(victim, beside)
            left = structure(beside)
            last = done == len(script.statements)
            yield Stop(done=done, way="one transaction", left=left, run=_attempt(url, script) if last else Run())


def _piecemeal(server: Server, url: str, name: str, script: Script, *, stopping: bool) -> tuple[Run, list[Stop]]:
    """The script statement by statement, as far as it may be run so, and where it was stopped."""
    if not (script.bound or script.settled):
        return _step_by_step(url, script, stopping=stopping)
    stops = [*_stopped_apart(server, name, script)] if stopping and not script.bound else []
    with session(url) as connection:
        broken = run_committed(connection, script) if script.bound else run(connection, script.statements)
        return Run(broken=broken) if broken else Run(shot=shot(connection)), stops


def _stopped_apart(server: Server, name: str, script: Script) -> Iterator[Stop]:
    """A copy for each stop: all statements up to it run in one session."""
    for done in range(1, len(script.statements) + 1):
        with copy(server, f"{name}_stopped", name) as place, session(place) as beside:
            victim = connect(place)
            run(victim, script.statements[:done])
            kill(victim, beside)
            left = structure(beside)
            yield Stop(done=done, way="statement by statement", left=left, run=_for_good(beside, script))
    for done, statement in enumerate(script.statements):
        if can_be_held(statement):
            with copy(server, f"{name}_stopped", name) as place:
                if stopped_within(place, script, done):
                    with session(place) as after:
                        left = structure(after)
                        yield Stop(done=done, way="within a statement", left=left, run=_for_good(after, script))


def _step_by_step(url: str, script: Script, *, stopping: bool) -> tuple[Run, list[Stop]]:
    """Each statement for good; behind each the session is ended, and the whole script is tried from there."""
    stops: list[Stop] = []
    with session(url) as beside:
        victim = connect(url)
        for done, statement in enumerate(script.statements, 1):
            if stopping and can_be_held(statement):
                stops += _stopped_in(url, beside, script, done - 1)
            broken = run(victim, [statement])
            if broken is not None:
                victim.close()
                return Run(broken=Broken(statement=done - 1, message=broken.message, lacking=broken.lacking)), stops
            if stopping:
                kill(victim, beside)
                left = structure(beside)
                stops.append(Stop(done=done, way="statement by statement", left=left, run=_attempt(url, script)))
                victim = connect(url)
        victim.close()
        return Run(shot=shot(beside)), stops


def _stopped_in(url: str, beside: Connection, script: Script, done: int) -> Iterator[Stop]:
    """The statement in a transaction of its own, its session ended while it waits. Where that leaves nothing, the
    re-run is the one from behind the statement before."""
    before = structure(beside)
    held = connect(url)
    held.execute("BEGIN")
    if ended_within(url, held, script.statements[done]):
        left = structure(beside)
        again = Run() if left == before else _attempt(url, script)
        yield Stop(done=done, way="within a statement", left=left, run=again)


def _attempt(url: str, script: Script) -> Run:
    """The script in a transaction that comes to nothing, and what was there at its end."""
    with session(url) as connection, undone(connection):
        broken = run(connection, script.statements)
        return Run(broken=broken) if broken else Run(shot=shot(connection))


def _return(url: str, before: Structure, last: Shot, up: Script, down: Script) -> Returned:
    after, rows = last.structure, last.rows
    with session(url) as connection:
        if not (up.whole and down.whole):
            went, came = _for_good(connection, down), _for_good(connection, up)
            return Returned(before=before, after=after, rows=rows, down=went, up=came)
        with undone(connection):
            broken = run(connection, down.statements)
            if broken is not None:
                return Returned(before=before, after=after, rows=rows, down=Run(broken=broken))
            went = Run(shot=shot(connection))
            broken = run(connection, up.statements)
            came = Run(broken=broken) if broken else Run(shot=shot(connection))
            return Returned(before=before, after=after, rows=rows, down=went, up=came)


def _for_good(connection: Connection, script: Script) -> Run:
    broken = run_committed(connection, script)
    return Run(broken=broken) if broken else Run(shot=shot(connection))


def _in_pieces(
    server: Server,
    url: str,
    name: str,
    migration: Migration,
    had: tuple[Shot, Mapping[str, str]],
    wants: frozenset[str],
) -> Filled:
    """The same for a script that runs transactions of its own, or refuses to run in one: a copy for each stop."""
    stops = [*_stopped_apart(server, name, migration.up)] if "stops" in wants else []
    with session(url) as connection:
        once = _for_good(connection, migration.up)
        again = returned = None
        if once.shot is not None:
            again = _for_good(connection, migration.up)
            if again.broken is not None:
                again = Run(broken=again.broken, shot=shot(connection))
            if migration.down is not None and again.broken is None:
                returned = _return(url, had[0].structure, once.shot, migration.up, migration.down)
    return Filled(
        before=had[0],
        unfilled=had[1],
        whole=None,
        effects=(),
        large=None,
        piecemeal=once,
        again=again,
        stops=tuple(stops),
        returned=returned,
    )


def later_runs(
    server: Server, template: str, at: str, migrations: Sequence[Migration], worlds: Sequence[World]
) -> Mapping[str, Later]:
    """Each of the migrations run again where all up to `at` have run, with rows."""
    found: dict[str, Later] = {}
    with copy(server, "later", template) as url:
        with session(url) as connection:
            fill(connection, worlds)
            before = shot(connection)
        for migration in migrations:
            if migration.up.whole:
                attempt = _attempt(url, migration.up)
            else:
                with copy(server, "later_once", "later") as place, session(place) as connection:
                    attempt = _for_good(connection, migration.up)
            found[migration.key] = Later(at=at, before=before, run=attempt)
    return found


def namesakes(
    server: Server,
    template: str,
    migration: Migration,
    worlds: Sequence[World],
    agents: Mapping[str, tuple[Agent, ...]],
) -> Namesakes:
    """The migration on agents that share names, with rows on each in every table that refers to agents."""
    with copy(server, "namesakes", template) as url, session(url) as connection:
        fill(connection, worlds)
        models: Rows = rows_of(connection)
        columns = references(connection)
        flat = [agent for group in agents.values() for agent in group]
        planted = plant(connection, flat, columns, models)
        before = shot(connection)
        broken = run_committed(connection, migration.up)
        ended = Run(broken=broken) if broken else Run(shot=shot(connection))
        rest = tuple(place for place in columns if place not in planted)
        return Namesakes(worlds=agents, references=planted, unplanted=rest, before=before, run=ended)
