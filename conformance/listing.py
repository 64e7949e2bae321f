"""`conformance list`: what is asked for at a migration, of the structure and of the rows, or the contract's conflicts.

What is listed is kept as the contract is, because knowing it takes every check and every invariant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conformance.render.layout import Look, inert, labelled, wrapped
from conformance.sources import contract as source
from conformance.sources.kept import Kept

if TYPE_CHECKING:
    from conformance.model.contract import Conflict

_WIDEST = 60
_OURS = Path(__file__).parent
_MADE_FROM = tuple(
    _OURS / name for name in ("contract", "contract/profiles", "sources", "checks", "invariants", "model", "")
)


class Line(NamedTuple):
    """One requirement or invariant, as it is listed."""

    level: str
    kind: str
    id: str
    expected: str
    since: str
    until: str | None

    def alive(self, through: str) -> bool:
        """Whether it is asked for once the migrations up to and including `through` have run."""
        return self.since <= through and (self.until is None or through < self.until)


def lines(profile: str, extra: Sequence[Path]) -> Sequence[Line]:
    """What a profile asks for, alive or not: the requirements, then the invariants. Raises `ConformanceError`."""
    source.judge_profile(profile)
    kept = Kept(name=f"list-{profile}", folder=source.FOLDER / "__pycache__", made_from=_MADE_FROM)
    if not extra:
        try:
            found = [Line(*row) for row in kept.read()]
        except (OSError, ValueError, TypeError):
            found = []
        if found:
            return found
    found = list(_worked_out(profile, extra))
    if not extra:
        kept.write(found)
    return found


def _worked_out(profile: str, extra: Sequence[Path]) -> Iterator[Line]:
    from conformance import registry, state

    contract = source.load(profile, registry.claims, extra)
    for r in contract.requirements:
        yield Line(r.level, r.kind, r.id, registry.checks()[r.kind].expected(r), r.since, r.until)
    for claim in state.claims(contract):
        r = claim.requirement
        yield Line(r.level, r.kind, r.id, claim.invariant.expected, r.since, r.until)


def requirements(asked: Iterable[Line], through: str) -> Iterator[str]:
    """What lives at a migration, a line each: level, kind, id and what is expected."""
    living = [line for line in asked if line.alive(through)]
    kinds = max((len(line.kind) for line in living), default=0)
    ids = max((len(line.id) for line in living if len(line.id) <= _WIDEST), default=0)
    for line in living:
        yield inert(f"{line.level:6}  {line.kind:{kinds}}  {line.id:{ids}}  {line.expected}")


def lint_table(look: Look) -> Iterator[str]:
    """The lints: code, level, and what each finds."""
    from conformance.registry import lints, title

    for code, lint in lints().items():
        first, *more = wrapped(title(lint.__doc__), max(look.width - 14, 30))
        yield f"{code}  {lint.LEVEL:<8}{first}"
        yield from (f"{'':14}{line}" for line in more)


def conflict_table(conflicts: Iterable[Conflict], look: Look) -> Iterator[str]:
    """Each conflict with what either side says and what was decided."""
    for number, conflict in enumerate(conflicts):
        if number:
            yield ""
        yield from conflict_lines(conflict, look)


def conflict_lines(conflict: Conflict, look: Look) -> Iterator[str]:
    """One conflict."""
    yield inert(f"{conflict.id}  {conflict.about}")
    for label in ("page", "facts", "decided"):
        yield from labelled(label, getattr(conflict, label), look, 2)
    yield from labelled("concerns", ", ".join(conflict.requirements), look, 2)
