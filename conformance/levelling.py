"""The orchestrator of `level`: a catalog and the ledgers beside it in, how far the migrations have come out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance import __version__, remarks
from conformance.model.contract import OLDEST_THROUGH, STEPS
from conformance.model.level import Ledger, Reached, Stage
from conformance.model.record import replace
from conformance.options import Options, threshold
from conformance.run import load_contract, source

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.target import Target

PROFILE = "reference"
"""What is asked for where nobody says otherwise: the page is silent on seven of the sixteen migrations, and a level is
about all of them."""


def level(url: str | None = None, options: Options | None = None, **chosen: object) -> Reached:
    """Which migration a live database has reached, or one whose snapshot is in the file `url`.

    Without a URL: as `check`. `chosen` are fields of `Options`. Raises `ConformanceError`.
    """
    from datetime import UTC, datetime

    from conformance.reached import stages
    from conformance.stamp import stamped

    options = replace(options or Options(profile=PROFILE), **chosen)
    began = time.perf_counter()
    contract = load_contract(options)
    with source(url, options) as (address, origin, throwaway):
        catalog, target, ledgers = _looked(address, origin, options, contract)
    if throwaway:
        target = target.thrown_away()
    found = stages(contract.requirements, catalog, threshold(options))
    started, seconds = stamped(datetime.now(UTC), time.perf_counter() - began)
    return Reached(
        tool=f"conformance {__version__}",
        target=target,
        profile=contract.profile,
        profile_title=contract.title,
        threshold=threshold(options),
        started=started,
        seconds=seconds,
        stages=found,
        ledgers=None if ledgers is None else tuple(compared(ledger, found) for ledger in ledgers),
        remarks=(*remarks.of_structure(catalog), *remarks.about(target, rows=bool(ledgers))),
    )


def _looked(
    address: str, origin: str, options: Options, contract: Contract
) -> tuple[Catalog, Target, tuple[Ledger, ...] | None]:
    from conformance.sight import seen
    from conformance.sources.ledgers import ledgers

    with seen(address, origin, options, contract, STEPS) as (catalog, target, session):
        return catalog, target, None if session is None else ledgers(session.connection, catalog.path)


def compared(ledger: Ledger, stages: Sequence[Stage]) -> Ledger:
    """The ledger, with where it and the catalog disagree."""
    if ledger.unread or not ledger.claim.speaks:
        return ledger
    said = [(words, stage) for stage in stages for words in _words(ledger, stage)]
    known = {stage.migration for stage in stages if stage.state != "untold"}
    strange = [name for name in ledger.claim.failed if name not in known]
    lost = (f"{name} is recorded as broken off, and what it did is not known here" for name in strange)
    return replace(ledger, disagrees=(*_joined(said), *lost))


def _words(ledger: Ledger, stage: Stage) -> Iterator[tuple[str, str]]:
    """What a ledger and the catalog say of one migration, where that is not the same."""
    claim, state = ledger.claim, stage.state
    if state in ("untold", "unknown"):
        return
    there = {"reached": "all of it is there", "not reached": "nothing of it is there", "undone": "it is undone"}
    if stage.migration in claim.failed:
        if state in there:
            yield "recorded as broken off", there[state]
    elif claim.says_run(stage.migration):
        if state != "reached":
            yield "recorded", there.get(state, f"it is {state}")
    elif state in ("reached", "half applied", "partly undone") and not claim.foreign:
        yield "not recorded", there.get(state, f"it is {state}")


def _joined(said: Iterable[tuple[tuple[str, str], Stage]]) -> Iterator[str]:
    """Neighbours of which the same is to be said, in one line."""
    for (recorded, observed), group in groupby(said, key=lambda pair: pair[0]):
        names = [stage.name for _, stage in group]
        several = len(names) > 1
        shown = names[0] if not several else f"{names[0]} to {names[-1]}".replace(f"0001 to {OLDEST_THROUGH}", "0001")
        verb, where = "are" if several else "is", "in the catalog"
        plural = {"it is": "they are", "all of it is": "all of them are", "nothing of it": "nothing of them"}
        head = next((words for words in plural if several and observed.startswith(words)), "")
        observed = plural.get(head, "") + observed.removeprefix(head)
        yield f"{shown} {verb} {recorded}, and {where} {observed}"


def options_of(chosen: Mapping[str, Any]) -> Options:
    """The options of a look, with the profile that a level is told in where none is chosen."""
    return Options(**{"profile": PROFILE, **chosen})
