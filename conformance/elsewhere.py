"""The ids that any command judges: what a waiver may be for, and what one configuration may select for several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.errors import UsageError
from conformance.options import Options, judge_selection, unmatched

if TYPE_CHECKING:
    from conformance.model.contract import Contract


def known(options: Options) -> tuple[str, ...]:
    """The requirements and the invariants of every profile, with the user's own, and the lints."""
    from conformance.registry import claims, lints
    from conformance.sources import contract as source
    from conformance.state import claims as of_rows

    found: list[str] = [*lints()]
    for profile in source.profiles():
        contract = source.load(profile, claims, options.contract)
        found += [requirement.id for requirement in contract.requirements]
        found += [claim.requirement.id for claim in of_rows(contract)]
    return tuple(dict.fromkeys(found))


def left_to_others(ids: Sequence[str], contract: Contract, options: Options) -> tuple[str, ...]:
    """What is said of the patterns of a selection that match none of these ids, which are a command's own, but some of
    another's: one configuration serves them all. Raises `UsageError` for one that matches nothing anywhere, and where
    all that is selected is another's."""
    foreign = unmatched(ids, options)
    if not foreign:
        return ()
    others = dict(_others(contract))
    judge_selection([*ids, *(id_ for of in others.values() for id_ in of)], options)
    told = {
        (option, pattern): next(words for words, of in others.items() if any(fnmatchcase(id_, pattern) for id_ in of))
        for option, pattern in foreign
    }
    if options.select and {("select", pattern) for pattern in options.select} <= told.keys():
        words = dict.fromkeys(told["select", pattern] for pattern in options.select)
        raise UsageError(f"select: {', '.join(options.select)} names {', and '.join(words)}")
    return tuple(f"{option}: {pattern} names {words}" for (option, pattern), words in told.items())


def _others(contract: Contract) -> Iterator[tuple[str, Sequence[str]]]:
    """What there is beside requirements, in words, and its ids."""
    from conformance.driven import requirements
    from conformance.registry import lints
    from conformance.state import claims

    yield "invariants of rows, which `conformance audit` judges", [c.requirement.id for c in claims(contract)]
    yield "areas driven step by step, which `conformance prove` judges", [r.id for r in requirements()]
    yield "lints, which `conformance lint` judges", [*lints()]
