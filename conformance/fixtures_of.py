"""The project's own migrations, applied to a throw-away server: the default target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate

if TYPE_CHECKING:
    from conformance.options import Options
    from conformance.sandbox import Server

_PACKAGED = Path(__file__).parent / "fixtures"
_CHECKOUT = Path(__file__).parent.parent / "fixtures"


def migrations(profile: str, through: str) -> tuple[Path, ...]:
    """Our SQL files of a profile's history, in order, up to and including `through`."""
    files = sorted(_folder(f"migrations/{profile}").glob("[0-9]*.sql"))
    return tuple(file for file in files if file.name[:4] <= through)


def small_world(through: str) -> tuple[Path, ...]:
    """The small clean world, for a database as of a migration."""
    folder = _folder("datasets")
    files = sorted(folder.glob("small*.json"), key=lambda file: file.stem)
    return tuple(file for file in files if (file.stem.partition("-")[2] or "0000") <= through)


def scenes() -> tuple[Path, ...]:
    """The scenes of the invariants, a file a module."""
    return tuple(sorted(_folder("invariants").glob("*.toml")))


def _folder(name: str) -> Path:
    """A folder of the fixtures, as they were installed or as they stand in a checkout."""
    found = next((folder / name for folder in (_PACKAGED, _CHECKOUT) if (folder / name).is_dir()), None)
    if found is None:
        raise CannotEvaluate(f"the fixtures in {name} were not installed with the package")
    return found


def build(server: Server, database: str, profile: str, through: str) -> str:
    """A new database with the profile's migrations on a throw-away server: its URL."""
    from conformance.sources.throwaway import apply, lend_random_uuids

    url = server.create_database(database)
    try:
        lend_random_uuids(url)
        apply(url, migrations(profile, through))
    except CannotEvaluate as error:
        raise explained(error, server.describe) from None
    return url


def fill(url: str, through: str, schema: str = "public") -> None:
    """Put the small clean world into the tables of a schema of a throw-away database of ours."""
    from conformance.sources.throwaway import populate
    from conformance.world import load

    for file in small_world(through):
        populate(url, load(file), schema)


@contextmanager
def migrated(options: Options, *, rows: bool = False) -> Iterator[tuple[str, str]]:
    """A throw-away server with the profile's migrations applied, and the small clean world in it where `rows` are
    wanted: its URL, and words for what it is."""
    from conformance.sandbox import sandbox

    profile, through = options.profile, options.through
    with sandbox(kind=options.sandbox, image=options.image) as server:
        url = build(server, "astra", profile, through)
        words = f"{server.describe}, with our own {profile} migrations through {through}"
        if rows:
            fill(url, through)
            words += " and a small world of rows"
        yield url, words


def explained(error: CannotEvaluate, server: str) -> CannotEvaluate:
    """The error, with the way out where what the server lacks is an extension."""
    from conformance.sources.stand_ins import lacking

    if not (name := lacking(str(error))):
        return error
    brings = "pip install 'astra-conformance[embedded]' brings a server that has it, --sandbox docker runs one"
    takes = "--sandbox local takes a server of this machine, --image NAME one in Docker"
    return CannotEvaluate(
        f"the throw-away server, {server}, lacks the extension {name}, so that nothing was examined ({error});"
        f" {brings if name == 'vector' else takes}, or give the URL of a database"
    )
