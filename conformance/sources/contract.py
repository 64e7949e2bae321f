"""The contract: read from its TOML files, or from what was kept of the last reading, because parsing TOML costs more
than judging a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.contract import Contract, Objections, Requirement
from conformance.sources.kept import Kept

FOLDER = Path(__file__).parent.parent / "contract"
_MADE_FROM = (FOLDER, FOLDER / "profiles", Path(__file__).parent, FOLDER.parent / "checks")

Claims = Mapping[str, tuple[str, Mapping[str, tuple[type | None, ...]], Objections]]
"""For each claim its kind, its shape and what else may be wrong with it (see `conformance.registry`)."""


def profiles() -> tuple[str, ...]:
    """The names of the profiles."""
    return tuple(sorted(path.stem for path in (FOLDER / "profiles").iterdir() if path.suffix == ".toml"))


def judge_profile(profile: str) -> None:
    """Raises `UsageError` for an unknown profile."""
    if profile not in profiles():
        raise UsageError(f"there is no profile {profile!r}; there are: {', '.join(profiles())}")


def load(profile: str, claims: Callable[[], Claims], extra: Sequence[Path] = ()) -> Contract:
    """The contract as `profile` sees it, with the requirements of third parties' files added.

    Raises `ContractError` with every error that was found, `UsageError` for an unknown profile.
    """
    judge_profile(profile)
    kept = Kept(name=profile, folder=FOLDER / "__pycache__", made_from=_MADE_FROM)
    if not extra and (contract := _from_cache(kept)) is not None:
        return contract
    from conformance.sources.contract_toml import read

    contract = read(FOLDER, profile, claims(), extra)
    if not extra:
        kept.write(_record(contract))
    return contract


def _from_cache(kept: Kept) -> Contract | None:
    """What was kept; None where nothing was, or what is not whole."""
    try:
        return _contract(kept.read())
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


def _record(contract: Contract) -> Mapping[str, Any]:
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
    return {"profile": contract.profile, "title": contract.title, "rows": rows}
