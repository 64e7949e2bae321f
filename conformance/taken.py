"""Snapshots: the structure of a database taken away, and looked at elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance import __version__
from conformance.errors import UsageError
from conformance.model.contract import LAST_MIGRATION, OLDEST_THROUGH
from conformance.model.record import replace
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.question import Question
    from conformance.model.target import Target
    from conformance.sources.snapshot import Snapshot


def take(url: str, options: Options | None = None, **chosen: object) -> str:
    """The text of a snapshot of a live database, read-only: what `check` asks of it for any profile and migration.

    `chosen` are fields of `Options`. Raises `ConformanceError`.
    """
    from datetime import UTC, datetime

    from conformance.sources.database import Session
    from conformance.sources.particulars import particulars
    from conformance.sources.snapshot import Snapshot, written
    from conformance.sources.url import parse
    from conformance.stamp import stamped

    options = replace(options or Options(), **chosen)
    contracts = _contracts(options)
    names = dict.fromkeys(name for contract in contracts for name in contract.tables())
    with Session(parse(url), origin="the URL given", schema=options.schema) as session:
        catalog = particulars(session, session.catalog(tuple(names)))
        answers = session.answers(_questions(contracts, catalog))
        target = session.target()
    taken, _ = stamped(datetime.now(UTC))
    catalog = replace(catalog, answers=answers)
    return written(Snapshot(taken=taken, tool=f"conformance {__version__}", target=target, catalog=catalog))


def looked(file: str, options: Options, contract: Contract) -> tuple[Contract, Catalog, Target]:
    """What a live look gives, from a snapshot. Raises `UsageError`."""
    snapshot = opened(file, options)
    return contract, snapshot.catalog, snapshot.target


def opened(file: str, options: Options) -> Snapshot:
    """The snapshot in a file, its target with words for where it is from. Raises `UsageError`."""
    from conformance.sources.snapshot import read

    snapshot = read(Path(file))
    if options.schema is not None and snapshot.target.schemas != (options.schema,):
        where = ", ".join(snapshot.target.schemas)
        raise UsageError(f"the schema {options.schema} is asked for, and the snapshot {file} was taken in {where}")
    origin = f"the snapshot {file}, taken {snapshot.taken}"
    return replace(snapshot, target=replace(snapshot.target, origin=origin))


def _contracts(options: Options) -> list[Contract]:
    """The contracts that a snapshot may be judged by."""
    from conformance.registry import claims
    from conformance.sources import contract as source

    return [source.load(profile, claims, options.contract) for profile in source.profiles()]


def _questions(contracts: list[Contract], catalog: Catalog) -> tuple[Question, ...]:
    from conformance.judge import questions_for

    steps = [f"{number:04}" for number in range(int(OLDEST_THROUGH), int(LAST_MIGRATION) + 1)]
    found = {
        question: None
        for contract in contracts
        for through in steps
        for question in questions_for(contract.requirements, catalog, through)
    }
    return tuple(found)
