"""Where behaviour is provoked: databases of our own, on a throw-away server or on one that somebody lends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from conformance.errors import CannotEvaluate, UsageError
from conformance.model.record import Record
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.sandbox import Server

_NUMBERED = re.compile(r"\d{4}_.*\.sql\Z")


class Testbed(Record):
    """Three databases with one schema: for examples, which are rolled back, for races, which stay, and one with the
    small clean world, or words for why that could not be put in.

    `words` say what it is, `lent` that the server is not ours."""

    examples: str
    races: str
    world: str
    no_world: str
    words: str
    lent: bool


def migrations_in(folder: Path, through: str) -> tuple[Path, ...]:
    """The SQL files of a folder up to and including a migration, in order. Raises `UsageError` where there is none."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is {'no folder' if folder.exists() else 'not there'}; --migrations takes a folder")
    files = sorted(file for file in folder.iterdir() if _NUMBERED.match(file.name))
    chosen = tuple(file for file in files if file.name[:4] <= through)
    if not chosen:
        raise UsageError(f"{folder} holds no migration NNNN_name.sql up to {through}")
    return chosen


@contextmanager
def testbed(options: Options, folder: Path | None, server: str | None) -> Iterator[Testbed]:
    """The databases, which live as long as the context."""
    from conformance.fixtures_of import migrations

    own = folder is None
    scripts = migrations(options.profile, options.through) if folder is None else migrations_in(folder, options.through)
    whose = f"our own {options.profile} migrations" if own else f"the migrations in {folder}"
    words = f"with {whose} through {options.through}"
    if server is not None:
        name = f"conformance_prove_{uuid4().hex}"
        with _lent(server, (f"{name}_world", f"{name}_races", name)) as running:
            yield _set_up(
                running,
                name,
                scripts,
                options.through,
                f"a database of its own on the server given, {words}",
                lent=True,
            )
        return
    from conformance.sandbox import sandbox

    with sandbox(kind=options.sandbox) as running:
        yield _set_up(running, "astra", scripts, options.through, f"{running.describe}, {words}", lent=False)


def _set_up(server: Server, name: str, scripts: Sequence[Path], through: str, words: str, *, lent: bool) -> Testbed:
    from conformance.fixtures_of import explained, fill
    from conformance.sources.throwaway import apply

    examples = server.create_database(name)
    try:
        apply(examples, scripts)
    except CannotEvaluate as error:
        raise explained(error, server.describe) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"a migration cannot be read: {error}") from None
    races = server.create_database(f"{name}_races", template=name)
    world = server.create_database(f"{name}_world", template=name)
    no_world = ""
    try:
        fill(world, through)
    except CannotEvaluate as error:
        no_world = str(error)
    return Testbed(examples=examples, races=races, world=world, no_world=no_world, words=words, lent=lent)


@contextmanager
def _lent(url: str, names: Sequence[str]) -> Iterator[Server]:
    """A server on which databases of these names may be made: no other is touched, and they go with the context."""
    from conformance.sandbox.interrupts import close_uninterrupted, termination_as_exit
    from conformance.sandbox.server import Server, ask
    from conformance.sources.url import parse

    if not parse(url).text.startswith(("postgresql://", "postgres://")):
        raise UsageError("--server takes a URL: postgresql://USER@HOST:PORT/DBNAME")
    found = ask(url, lambda cursor: cursor.execute("SHOW server_version").fetchone())
    server = Server(kind="local", version=str(found[0]) if found else "", url=url)
    stack = ExitStack()
    for name in names:
        stack.callback(_dropped, server, name)
    with termination_as_exit():
        try:
            yield server
        finally:
            close_uninterrupted(stack)


def _dropped(server: Server, name: str) -> None:
    """Drops a database of ours, if it came to be."""
    from conformance.sandbox.server import ask

    query = "SELECT FROM pg_catalog.pg_database WHERE datname = %s"
    if ask(server.url, lambda cursor: cursor.execute(query, [name]).fetchone()) is not None:
        server.drop_database(name)
