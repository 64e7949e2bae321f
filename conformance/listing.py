"""`conformance list`: the requirements that live at a migration, or the conflicts of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from conformance.render.layout import Look, inert, labelled

if TYPE_CHECKING:
    from conformance.model.contract import Conflict, Contract
    from conformance.registry import Check

_WIDEST = 60


def requirements(contract: Contract, through: str, checks: Mapping[str, Check]) -> Iterator[str]:
    """A line each: level, kind, id and what is expected."""
    living = [r for r in contract.requirements if r.alive(through)]
    kinds = max((len(r.kind) for r in living), default=0)
    ids = max((len(r.id) for r in living if len(r.id) <= _WIDEST), default=0)
    for r in living:
        expected = checks[r.kind].expected(r)
        yield inert(f"{r.level:6}  {r.kind:{kinds}}  {r.id:{ids}}  {expected}")


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
