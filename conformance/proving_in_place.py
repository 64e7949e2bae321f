"""The very database, provoked where it stands, for those who own it and could do without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate, UsageError
from conformance.proving import Provoked

if TYPE_CHECKING:
    from conformance.model.target import Target
    from conformance.proving import Put

_START = 0x7C0F_0000_0000
"""Rows of examples are numbered from here on, as no rows that are there already are likely to be."""


def prove_in_place(url: str, name: str, put: Put) -> Provoked:
    """The laws put to the database at `url`, which has to be called `name`; what came of it.

    Raises `UsageError` where it is another, before anything is tried, and `CannotEvaluate`."""
    from conformance.model.experiment import Freshly
    from conformance.model.stage import Stage
    from conformance.provocation import prove as provoke
    from conformance.sources.database import Session
    from conformance.sources.in_place import InPlace, out_of_reach
    from conformance.sources.url import parse

    options = put.options
    with Session(parse(url), origin="the URL given; provoked in place", schema=options.schema) as session:
        catalog = session.catalog(put.contract.tables())
        target = session.target()
    if target.database != name:
        raise UsageError(
            f"--i-own-this-database {name}: the database at the URL is {target.database}; nothing was tried"
        )
    if target.in_recovery:
        raise CannotEvaluate(f"{target.address} is a standby, which takes no rows; give the URL of its primary")
    with InPlace(url, name, catalog.path) as rig:
        left = out_of_reach(catalog, rig.rights_lacking(catalog))
        path = () if options.schema is None else catalog.path
        unguarded = rig.unguarded(catalog)
        stage = Stage(catalog=catalog, tried=rig.tried, raced=None, left=left, plainly=Freshly, start=_START, path=path)
        outcomes = provoke(put.contract.requirements, put.asked, stage, put.proving, options.through, put.tell)
    beside = list(_remarks(unguarded, target))
    beside += [f"not examined: {part.said}" for part in left]
    return Provoked(catalog=catalog, target=target, outcomes=outcomes, beside=beside)


def _remarks(unguarded: Sequence[str], target: Target) -> Iterator[str]:
    yield "provoked in place: every example was rolled back, and nothing of them is left but used-up sequence values"
    yield "what two sessions do at once was not tried, since races commit; `conformance prove URL` tries it elsewhere"
    yield "whether invariants are enforced was not tried, and no area was driven: that takes a world of rows of its own"
    if unguarded:
        yield f"policies of {', '.join(unguarded)} were not provoked: {target.current_user} is above them"
