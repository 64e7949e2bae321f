"""The contract: read from its TOML files, or from what was kept of the last reading.

Parsing TOML costs more than judging a database, so the result is kept beside the files (as Python keeps its byte code),
under the digest that Python has for sources, of everything that it was made from: what does not match is not used.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import source_hash
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.contract import Contract, Objections, Requirement

FOLDER = Path(__file__).parent.parent / "contract"
_MADE_FROM = (FOLDER, FOLDER / "profiles", Path(__file__).parent, FOLDER.parent / "checks")

_LOADED = time.time_ns()

Claims = Mapping[str, tuple[str, Mapping[str, tuple[type | None, ...]], Objections]]
"""For each claim its kind, its shape and what else may be wrong with it (see `conformance.registry`)."""


def profiles() -> tuple[str, ...]:
    """The names of the profiles."""
    return tuple(sorted(path.stem for path in (FOLDER / "profiles").glob("*.toml")))


def judge_profile(profile: str) -> None:
    """Raises `UsageError` for an unknown profile."""
    if profile not in profiles():
        raise UsageError(f"there is no profile {profile!r}; there are: {', '.join(profiles())}")


def load(profile: str, claims: Callable[[], Claims], extra: Sequence[Path] = ()) -> Contract:
    """The contract as `profile` sees it, with the requirements of third parties' files added.

    Raises `ContractError` with every error that was found, `UsageError` for an unknown profile.
    """
    judge_profile(profile)
    kept = _kept_file(profile)
    if not extra and (contract := _from_cache(kept)) is not None:
        return contract
    from conformance.sources.contract_toml import read

    contract = read(FOLDER, profile, claims(), extra)
    if not extra:
        _keep(kept, contract)
    return contract


def _made_from() -> list[Path]:
    return [path for folder in _MADE_FROM for path in sorted([*folder.glob("*.toml"), *folder.glob("*.py")])]


def _kept_file(profile: str) -> Path:
    read = b"\0".join(part for path in _made_from() for part in (path.name.encode(), path.read_bytes()))
    return FOLDER / "__pycache__" / f"{profile}.{source_hash(read).hex()}.json"


def _from_cache(kept: Path) -> Contract | None:
    """What was kept; None where nothing was, or what is not whole."""
    try:
        return _contract(json.loads(kept.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _contract(record: Mapping[str, Any]) -> Contract:
    return Contract(
        profile=record["profile"],
        title=record["title"],
        requirements=tuple(
            Requirement(
                id=id_,
                claim=claim,
                kind=kind,
                level=level,
                source=source,
                since=since,
                until=until,
                table=table,
                columns=tuple(columns),
                spec=spec,
                file=file,
                line=line,
            )
            for id_, claim, kind, level, source, since, until, table, columns, spec, file, line in record["rows"]
        ),
    )


def _keep(kept: Path, contract: Contract) -> None:
    """Write what was read, in place of what was kept before; but not if a file has changed since this process began,
    whose code may then be older than the digest says."""
    if any(path.stat().st_mtime_ns >= _LOADED for path in _made_from()):
        return
    rows = [
        (
            r.id,
            r.claim,
            r.kind,
            r.level,
            r.source,
            r.since,
            r.until,
            r.table,
            r.columns,
            r.spec,
            r.file,
            r.line,
        )
        for r in contract.requirements
    ]
    text = json.dumps({"profile": contract.profile, "title": contract.title, "rows": rows})
    partial = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        for older in kept.parent.glob(f"{contract.profile}.*.json"):
            older.unlink(missing_ok=True)
        partial.replace(kept)
    except OSError:  # a read-only installation: the next run parses again
        return
