"""What one report has that another has not, requirement by requirement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from conformance.model.outcome import Outcome
from conformance.model.record import Record
from conformance.model.report import Report
from conformance.model.shape import shapes

Kind = Literal["only a", "only b", "both depart", "both hold", "undecided"]

KINDS: tuple[Kind, ...] = ("only a", "only b", "both depart", "both hold", "undecided")

_DEPARTS = ("fail", "waived")
_APART = ("lint", "waivers")
"""What is found in files of their own: it is of no requirement."""


class Difference(Record):
    """One requirement that is met by one side alone, or departed from or kept in different ways, or of which a side
    could not be looked at; None where it was not asked about there."""

    kind: Kind
    a: Outcome | None
    b: Outcome | None

    @property
    def told(self) -> Outcome:
        """The side to tell the requirement by."""
        found = self.a or self.b
        assert found is not None  # noqa: S101  one of them is there
        return found

    @property
    def because(self) -> str | None:
        """What it follows from, on the side that departs."""
        for outcome in (self.a, self.b):
            if outcome is not None and outcome.verdict != "pass" and outcome.because:
                return outcome.because
        return None


class Comparison(Record):
    """Two reports compared. `same` counts the requirements in which they do not differ, `apart` names the planes that
    one of them alone was looked at in."""

    a: Report
    b: Report
    differences: tuple[Difference, ...]
    same: int
    apart: tuple[str, ...]

    def of(self, kind: Kind) -> tuple[Difference, ...]:
        """The differences of one kind."""
        return tuple(difference for difference in self.differences if difference.kind == kind)

    @property
    def exit_code(self) -> int:
        """0 the same, 1 different, 3 something could not be looked at and nothing else differs."""
        if any(difference.kind != "undecided" for difference in self.differences):
            return 1
        return 3 if self.differences or not self.same else 0


def compare(a: Report, b: Report) -> Comparison:
    """What the reports say of the planes that both were looked at in. Whether they are of one profile and migration is
    for the caller to see to."""
    planes = [{outcome.plane for outcome in report.outcomes}.difference(_APART) for report in (a, b)]
    both = planes[0] & planes[1]
    first, second = ({o.requirement.id: o for o in report.outcomes if o.plane in both} for report in (a, b))
    found = {id_: _kind(first.get(id_), second.get(id_)) for id_ in dict.fromkeys([*first, *second])}
    differences = tuple(
        Difference(kind=kind, a=first.get(id_), b=second.get(id_)) for id_, kind in found.items() if kind is not None
    )
    same = sum(1 for id_, kind in found.items() if kind is None and first[id_].verdict != "not-applicable")
    return Comparison(a=a, b=b, differences=differences, same=same, apart=tuple(sorted(planes[0] ^ planes[1])))


def _kind(a: Outcome | None, b: Outcome | None) -> Kind | None:
    """How the two differ; None where they do not."""
    if a is None or b is None or "indeterminate" in (a.verdict, b.verdict):
        return "undecided"
    if a.verdict == b.verdict == "not-applicable":
        return None
    if (a.verdict == "pass") != (b.verdict == "pass"):
        return "only a" if a.verdict == "pass" else "only b"
    if a.verdict == "pass":
        return "both hold" if a.plane != "state" and a.note != b.note else None
    if "not-applicable" in (a.verdict, b.verdict):
        return "both depart"
    return None if shapes(a) == shapes(b) else "both depart"


def folded(differences: Sequence[Difference]) -> Iterator[tuple[Difference, int]]:
    """Those that follow from no other of them, each with how many follow from it."""
    by_id = {difference.told.requirement.id: difference for difference in differences}
    roots: dict[str, int] = {}
    for id_ in by_id:
        root, passed = id_, {id_}
        while (cause := by_id[root].because) in by_id and cause not in passed:
            root = str(cause)
            passed.add(root)
        roots.setdefault(root, 0)
        roots[root] += root != id_
    yield from ((by_id[root], count) for root, count in roots.items())
