"""What a user may choose about a run, and what of it makes no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import UsageError
from conformance.model.contract import LAST_MIGRATION, OLDEST_THROUGH, Level
from conformance.model.record import Record

if TYPE_CHECKING:
    from conformance.sandbox import SandboxKind


class Options(Record):
    """What a user may choose about a run; the same names on the command line, in the configuration and in pytest.

    One pattern or one file may be given as it is, without a tuple around it, and a file as a string. An `image` is run
    in Docker. Raises `UsageError` where another sandbox is asked for beside it."""

    profile: str = "documented"
    through: str = LAST_MIGRATION
    strict: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    schema: str | None = None
    contract: tuple[Path, ...] = ()
    waivers: Path | None = None
    sandbox: SandboxKind | None = None
    image: str | None = None
    baseline: Path | None = None

    if not TYPE_CHECKING:

        def __init__(self, **given: Any) -> None:
            for name in ("waivers", "baseline"):
                if given.get(name) is not None:
                    given[name] = Path(given[name])
            for name in given.keys() & {"select", "ignore", "contract"}:
                value: str | Path | Iterable[str | Path] = given[name]
                items = (value,) if isinstance(value, str | Path) else tuple(value)
                given[name] = tuple(Path(item) for item in items) if name == "contract" else _apart(map(str, items))
            if given.get("image") is not None:
                given["sandbox"] = _in_docker(given.get("sandbox"))
            super().__init__(**given)


def _apart(items: Iterable[str]) -> tuple[str, ...]:
    """Ids and globs, of which several may stand in one word, with commas between them, as other linters take them."""
    return tuple(part for item in items for part in ([p for p in map(str.strip, item.split(",")) if p] or [item]))


def _in_docker(sandbox: str | None) -> str:
    if sandbox not in (None, "docker"):
        raise UsageError(f"an image is run in Docker, and no sandbox {sandbox!r} has one; leave one of them out")
    return "docker"


def chosen_over(configured: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is configured, and over it what is given: an image stands against another sandbox, and the other way
    round."""
    kept = dict(configured)
    if "image" in given:
        kept.pop("sandbox", None)
    if given.get("sandbox", "docker") != "docker":
        kept.pop("image", None)
    return {**kept, **given}


def judge_through(through: str) -> None:
    """Raises `UsageError` for what is no migration that the contract can be asked for."""
    if not (through.isdigit() and len(through) == 4):
        raise UsageError(f"{through!r} is no migration; write four digits, such as 0018")
    if not OLDEST_THROUGH <= through <= LAST_MIGRATION:
        raise UsageError(f"the contract can be asked for through {OLDEST_THROUGH} to {LAST_MIGRATION}")


def unmatched(ids: Sequence[str], options: Options) -> tuple[tuple[str, str], ...]:
    """The patterns that match none of these ids, each with the option that it was given to."""
    return tuple(
        (option, pattern)
        for option, globs in (("select", options.select), ("ignore", options.ignore))
        for pattern in globs
        if not any(fnmatchcase(id_, pattern) for id_ in ids)
    )


def judge_selection(ids: Sequence[str], options: Options) -> None:
    """Raises `UsageError` for a pattern that matches none of these ids."""
    for option, pattern in unmatched(ids, options):
        raise UsageError(f"{option}: {pattern} matches no requirement; `conformance list` shows the ids")


def selected(id_: str, options: Options) -> bool:
    """Whether `select` and `ignore` leave this requirement in."""
    chosen = not options.select or any(fnmatchcase(id_, pattern) for pattern in options.select)
    return chosen and not any(fnmatchcase(id_, pattern) for pattern in options.ignore)


def threshold(options: Options) -> Level:
    """The lowest level at which a departure fails the run."""
    return "should" if options.strict else "must"
