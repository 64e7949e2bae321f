"""`--migrations`: findings in a catalog lie at the migration that introduces the object, instead of at the contract's
line: the file is in the repository of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from conformance.fold.introduced import Introduced, Spot, introduced
from conformance.fold.schema import Schema
from conformance.model.contract import LAST_MIGRATION, Requirement
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.model.written import Written
from conformance.sources.migrations import Text, read, statements
from conformance.sources.repository import in_repository

_PLANES = ("structure", "state")


def migrations(folder: Path) -> tuple[tuple[Text, ...], tuple[Written, ...]]:
    """The files of a folder, or a file, and the statements in them. Raises `UsageError`."""
    files = read([folder], LAST_MIGRATION).files
    return files, tuple(statement for file in files for statement in statements(file))


def with_places(report: Report, folder: Path) -> Report:
    """The report, its findings placed in the files of a folder of migrations. Raises `UsageError`."""
    files, written = migrations(folder)
    tables = sorted({outcome.requirement.table for outcome in report.outcomes})
    path = report.target.schemas or ("public",)
    found = introduced(written, tables, Schema(path=path, home=path, namespaces=frozenset({"public", *path})))
    return replace(report, outcomes=tuple(_placed(outcome, found, files) for outcome in report.outcomes))


def housed(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes, with files as hosts of code name them, from wherever and however they were read."""
    for outcome in outcomes:
        findings = tuple(replace(one, file=in_repository(one.file)) if one.file else one for one in outcome.findings)
        yield replace(outcome, findings=findings) if findings else outcome


def _placed(outcome: Outcome, found: Introduced, files: Sequence[Text]) -> Outcome:
    if not outcome.findings or outcome.plane not in _PLANES:
        return outcome
    spot = found.of(outcome.requirement) or _of_its_number(outcome.requirement, files)
    if spot is None:
        return outcome
    file = in_repository(spot.file)
    findings = tuple(replace(one, file=file, line=spot.line, column=1) for one in outcome.findings)
    return replace(outcome, findings=findings)


def _of_its_number(requirement: Requirement, files: Sequence[Text]) -> Spot | None:
    """The migration that should have brought what none brings."""
    file = next((one for one in files if one.number is not None and f"{one.number:04d}" == requirement.since), None)
    return Spot(file=file.name, line=1) if file is not None else None
