"""The shape of a departure: what departs and how, as a hash that a waiver or a baseline is bound to.

It follows from the requirement, what is expected, what was observed and why that does not do; and from nothing that
another run, role or machine could see otherwise: the search path and the name of the constraint, index or trigger that
was judged are left out. Where rows depart, their number is no part of the hash, since it changes from day to day: it
stands beside it, as the most that are excused. A lint has a shape for each place that it finds, which is told by the
statement and not by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from conformance.model.outcome import Outcome

SHAPE = re.compile(r"([0-9a-f]{16})(?: at most ([1-9][0-9]{0,17}))?\Z")
"""A shape as it is written: `3f2a0c4be1d97856`, or with a number of rows, `3f2a0c4be1d97856 at most 12`."""

_PATH = re.compile(r":? on the search path \([^()]*\)(?:; one is in .*)?", re.DOTALL)
_MISSING = ("no relation ", "no table ")
_NUMBER = re.compile("[0-9][0-9,.]*")
_MOMENT = re.compile(r"'[0-9]{4,}-[0-9]{2}-[0-9]{2}[ 0-9:.+-]*'::(timestamp|date|time)[a-z ]*\Z")
"""A default that is the moment of its migration, and so another in each database."""

_OF_PLACES = "lint"
_OF_ROWS = "state"
_OF_CATALOGS = "structure"
_SAMPLED = " in a sample of "


def shapes(outcome: Outcome) -> tuple[str, ...]:
    """What a waiver has to hold to excuse the outcome, as it is written."""
    if outcome.plane == _OF_PLACES:
        return tuple(finding.fingerprint for finding in outcome.findings)
    total = departing(outcome)
    return (f"{shape_of(outcome)} at most {total}" if total else shape_of(outcome),)


def excused(outcome: Outcome, held: Iterable[str]) -> bool:
    """Whether each of the outcome's shapes is among those held, with no more rows than are held to."""
    most: dict[str, int] = {}
    for text in held:
        if found := SHAPE.match(text):
            most[found[1]] = max(most.get(found[1], 0), int(found[2] or 0))
    total = departing(outcome) or 0
    return all(shape[:16] in most and total <= most[shape[:16]] for shape in shapes(outcome))


def shape_of(outcome: Outcome) -> str:
    """The hash of an outcome as a whole."""
    if outcome.plane == _OF_ROWS and departing(outcome):
        parts = [outcome.expected, "a sample" if _SAMPLED in outcome.observed else "rows"]
    else:
        parts = [outcome.expected, *_seen(outcome)]
    if outcome.verdict == "indeterminate":  # how many rows a look came to, and how long it took, is not what kept it
        *known, note = parts
        known = known if outcome.plane == _OF_CATALOGS else [_NUMBER.sub("#", part) for part in known]
        parts = ["indeterminate", *known, _NUMBER.sub("#", note)]
    text = "\n".join([outcome.requirement.id, *parts])
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def departing(outcome: Outcome) -> int | None:
    """How many rows depart; None where it is not about rows."""
    totals = [finding.total for finding in outcome.findings if finding.total is not None]
    return sum(totals) if totals else None


def _seen(outcome: Outcome) -> tuple[str, str]:
    """What was observed and why it does not do, as every role sees it and whatever the object is called."""
    note = outcome.note
    if outcome.waiver is not None:
        note = note.removesuffix(outcome.waiver.words).removesuffix("; ")
    observed = outcome.observed
    if observed.startswith(_MISSING):
        observed = _PATH.sub("", observed)
    if outcome.object:
        observed = observed.removeprefix(f"{outcome.object}: ")
        note = note.replace(f" by {outcome.object}", " by it").removeprefix(outcome.object)
    moment = _MOMENT.match(observed)
    return f"a moment::{moment[1]}" if moment else observed, note
