"""The project's own migrations, applied to a throw-away server: the default target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate

if TYPE_CHECKING:
    from conformance.sandbox import SandboxKind, Server

_PACKAGED = Path(__file__).parent / "fixtures"
_CHECKOUT = Path(__file__).parent.parent / "fixtures"


def migrations(profile: str, through: str) -> tuple[Path, ...]:
    """Our SQL files of a profile's history, in order, up to and including `through`."""
    folder = next((f for f in (_PACKAGED, _CHECKOUT) if (f / "migrations" / profile).is_dir()), None)
    if folder is None:
        raise CannotEvaluate(f"the migrations of the profile {profile} were not installed with the package")
    files = sorted((folder / "migrations" / profile).glob("[0-9]*.sql"))
    return tuple(file for file in files if file.name[:4] <= through)


def build(server: Server, database: str, profile: str, through: str) -> str:
    """A new database with the profile's migrations on a throw-away server: its URL."""
    from conformance.sources.database import apply

    url = server.create_database(database)
    try:
        apply(url, migrations(profile, through))
    except CannotEvaluate as error:
        raise _explained(error, server.describe) from None
    return url


@contextmanager
def migrated(profile: str, through: str, kind: SandboxKind | None) -> Iterator[tuple[str, str]]:
    """A throw-away server with the profile's migrations applied: its URL, and words for what it is."""
    from conformance.sandbox import sandbox

    with sandbox(kind=kind) as server:
        url = build(server, "astra", profile, through)
        yield url, f"{server.describe}, with our own {profile} migrations through {through}"


def _explained(error: CannotEvaluate, server: str) -> CannotEvaluate:
    """The error, with the way out where what the server lacks is pgvector."""
    if 'extension "vector"' not in str(error) and "vector.control" not in str(error):
        return error
    return CannotEvaluate(
        f"the throw-away server, {server}, has no pgvector, which our own migrations need ({error});"
        " pip install 'astra-conformance[embedded]' brings a server that has it, --sandbox docker runs one in Docker,"
        " or give the URL of a database"
    )
