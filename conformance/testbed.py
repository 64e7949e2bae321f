"""Where behaviour is provoked: databases of our own, on a throw-away server or on one that somebody lends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.record import Record
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.history import Migration
    from conformance.sandbox import Server


class Testbed(Record):
    """Three databases with one schema: for examples, which are rolled back, for races, which stay, and one with the
    small clean world, or words for why that could not be put in.

    `words` say what it is, `lent` that the server is not ours, `path` where its names are looked for, `stand_ins` the
    extensions that something of ours stands in for."""

    examples: str
    races: str
    world: str
    no_world: str
    words: str
    lent: bool
    path: tuple[str, ...] = ("public",)
    stand_ins: tuple[str, ...] = ()


def migrations_in(folder: Path, through: str) -> tuple[Migration, ...]:
    """The migrations of a folder up to and including one, in order, read as `replay` reads them. Raises `UsageError`
    where there is none."""
    from conformance.sources.migration_files import going_up

    if not folder.is_dir():
        raise UsageError(f"{folder} is {'no folder' if folder.exists() else 'not there'}; --migrations takes a folder")
    chosen = tuple(one for one in going_up(folder) if one.key <= through)
    if not chosen:
        raise UsageError(f"{folder} holds no migration NNNN_name.sql up to {through}")
    return chosen


class Schema(Record):
    """What is to be provoked: `words` for it; what builds it in an empty database, given its URL and whether the server
    is ours, and gives the extensions that something stands in for; what makes a copy of that one like it, given its URL
    and whether sessions are to have no more rights than the schema's owner; where its names are looked for; and the
    major version of the server that it is of, if any."""

    words: str
    build: Callable[[str, bool], tuple[str, ...]]
    settle: Callable[[str, bool], None] = lambda url, humbly: None
    path: tuple[str, ...] = ("public",)
    schema: str = "public"
    major: int | None = None


def schema_of(options: Options, folder: Path | None) -> Schema:
    """The schema of a folder of migrations, or of our own. Raises `UsageError`."""
    from conformance.fixtures_of import migrations
    from conformance.sources.replay_running import migrate
    from conformance.sources.throwaway import apply, lend_random_uuids

    through = options.through
    if folder is None:
        scripts = migrations(options.profile, through)

        def build_ours(url: str, ours: bool) -> tuple[str, ...]:
            lend_random_uuids(url)
            return apply(url, scripts, stand_ins=ours)

        return Schema(words=f"our own {options.profile} migrations through {through}", build=build_ours)
    theirs = migrations_in(folder, through)
    return Schema(
        words=f"the migrations in {folder} through {through}",
        build=lambda url, ours: migrate(url, theirs, stand_ins=ours),
    )


@contextmanager
def testbed(options: Options, schema: Schema, server: str | None) -> Iterator[Testbed]:
    """The databases, which live as long as the context."""
    if server is not None:
        from conformance.sandbox.lent import PREFIX, lent
        from conformance.sources.url import parse

        if not parse(server).text.startswith(("postgresql://", "postgres://")):
            raise UsageError("--server takes a URL: postgresql://USER@HOST:PORT/DBNAME")
        run = uuid4().hex
        name = f"{PREFIX}{run}"
        with lent(server, run, (f"{name}_world", f"{name}_races", name)) as running:
            words = f"a database of its own on the server given, with {schema.words}"
            yield _set_up(running, name, schema, options.through, words, lent=True)
        return
    with ExitStack() as stack:
        running = _thrown_away(stack, options, schema.major)
        words = f"{running.describe}, with {schema.words}"
        yield _set_up(running, "astra", schema, options.through, words, lent=False)


def _thrown_away(stack: ExitStack, options: Options, major: int | None) -> Server:
    """A server of this major version where one can be had without more ado, else of any; an image has its own."""
    from conformance.sandbox import sandbox

    if major is not None and options.image is None:
        with suppress(CannotEvaluate):
            return stack.enter_context(sandbox(kind=options.sandbox or "embedded", major=major))
    return stack.enter_context(sandbox(kind=options.sandbox, image=options.image))


def _set_up(server: Server, name: str, schema: Schema, through: str, words: str, *, lent: bool) -> Testbed:
    from conformance.fixtures_of import explained, fill

    examples = server.create_database(name)
    try:
        stand_ins = schema.build(examples, not lent)
    except CannotEvaluate as error:
        raise explained(error, server.describe) from None
    races = server.create_database(f"{name}_races", template=name)
    world = server.create_database(f"{name}_world", template=name)
    schema.settle(races, not lent)
    schema.settle(world, False)  # its scenes put foreign keys to sleep, which only a superuser may
    no_world = ""
    try:
        fill(world, through, schema.schema)
    except CannotEvaluate as error:
        no_world = str(error)
    return Testbed(
        examples=examples,
        races=races,
        world=world,
        no_world=no_world,
        words=words,
        lent=lent,
        path=schema.path,
        stand_ins=stand_ins,
    )
