"""Snapshots: the structure of a database taken away, and looked at elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import __version__
from conformance.errors import UsageError
from conformance.model.contract import STEPS
from conformance.model.record import replace
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.question import Question
    from conformance.sources.pasted import Pasted
    from conformance.sources.snapshot import Snapshot


def take(url: str, options: Options | None = None, **chosen: object) -> str:
    """The text of a snapshot of a live database, read-only: what `check` asks of it for any profile and migration.

    `chosen` are fields of `Options`. Raises `ConformanceError`.
    """
    from datetime import UTC, datetime

    from conformance.sight import live
    from conformance.sources.particulars import particulars
    from conformance.sources.snapshot import Snapshot, written
    from conformance.sources.url import parse
    from conformance.stamp import stamped

    options = replace(options or Options(), **chosen)
    contracts = _contracts(options)
    names = dict.fromkeys(name for contract in contracts for name in contract.tables())

    def ask(catalog: Catalog) -> Sequence[Question]:
        return questions(contracts, catalog)

    with live(parse(url), "the URL given", options.schema, tuple(names), ask) as (catalog, target, session):
        catalog = particulars(session, catalog)
    taken, _ = stamped(datetime.now(UTC))
    return written(Snapshot(taken=taken, tool=f"conformance {__version__}", target=target, catalog=catalog))


def opened(file: str, options: Options, contract: Contract, steps: Sequence[str] = ()) -> Snapshot:
    """The snapshot in a file, its target with words for where it is from. Raises `UsageError`."""
    from conformance.sources import pasted
    from conformance.sources.snapshot import read_text, text_of

    path = Path(file)
    text = text_of(path)
    value = pasted.found_in(text)
    if value is None:
        snapshot = read_text(path, text)
    else:
        snapshot = _computed(pasted.read(path, value), contract, steps or (options.through,))
    if options.schema is not None and snapshot.target.schemas != (options.schema,):
        where = ", ".join(snapshot.target.schemas)
        raise UsageError(f"the schema {options.schema} is asked for, and the snapshot {file} was taken in {where}")
    origin = f"the snapshot {file}, taken {snapshot.taken}"
    if value is not None:
        origin += " by a pasted statement, without the server's word on its expressions"
    return replace(snapshot, target=replace(snapshot.target, origin=origin))


def _computed(found: Pasted, contract: Contract, steps: Sequence[str]) -> Snapshot:
    """What a pasted statement gave, with answers to what the checks ask, as far as they can be had from its text."""
    from conformance.sources import pasted
    from conformance.sources.snapshot import Snapshot

    answers = pasted.answers(found, questions([contract], found.catalog, steps))
    catalog = replace(found.catalog, answers=answers)
    return Snapshot(taken=found.taken, tool=found.tool, target=found.target, catalog=catalog)


def statement(options: Options) -> str:
    """One SELECT whose one value `check` reads from a file, for whoever may connect and not install."""
    from conformance.sources.pasted import select

    names = dict.fromkeys(name for contract in _contracts(options) for name in contract.tables())
    return select(sorted(names), options.schema, f"conformance {__version__}")


def _contracts(options: Options) -> list[Contract]:
    """The contracts that a snapshot may be judged by."""
    from conformance.registry import claims
    from conformance.sources import contract as source

    return [source.load(profile, claims, options.contract) for profile in source.profiles()]


def questions(contracts: Sequence[Contract], catalog: Catalog, steps: Sequence[str] = STEPS) -> tuple[Question, ...]:
    """What the checks ask of the server where they are put to these contracts, through each of these migrations."""
    from conformance.judge import questions_for

    found = {
        question: None
        for contract in contracts
        for through in steps
        for question in questions_for(contract.requirements, catalog, through)
    }
    return tuple(found)
