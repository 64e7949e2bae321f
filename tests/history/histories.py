"""Histories for tests: ours, with small edits, replayed on the server of all tests."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from conformance.fixtures_of import migrations
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.options import Options
from conformance.replaying import plan_of, replay_on
from conformance.sandbox import Server


@dataclass(frozen=True)
class Edit:
    """One edit of a file: `old` becomes `new`, or `new` is put at its end where there is no `old`."""

    number: str
    new: str
    old: str = ""


def written(folder: Path, *edits: Edit, profile: str = "documented", through: str = "0028") -> Path:
    """Our migrations up to one, edited, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in migrations(profile, through):
        shutil.copy(file, folder)
    for edit in edits:
        (file,) = folder.glob(f"{edit.number}_*.sql")
        text = file.read_text(encoding="utf-8")
        assert text.count(edit.old) == 1 if edit.old else True, (edit.number, edit.old)
        file.write_text(text.replace(edit.old, edit.new) if edit.old else f"{text}\n{edit.new}\n", encoding="utf-8")
    return folder


def replayed(
    server: Server,
    folder: Path | None,
    *,
    pattern: str | None = None,
    rows: int = 0,
    may_refuse: tuple[str, ...] = (),
    **chosen: object,
) -> Report:
    """What a replay on this server says; the databases are dropped behind it."""
    options = Options(**chosen)  # type: ignore[arg-type]
    try:
        plan = plan_of(folder, options, pattern)
        return replay_on(server, plan, options, time.perf_counter(), rows=rows, may_refuse=may_refuse)
    finally:
        with psycopg.connect(server.url, autocommit=True) as session:
            for (name,) in session.execute("SELECT datname FROM pg_database WHERE datname LIKE 'at\\_%'").fetchall():
                session.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def by_id(report: Report) -> Mapping[str, Outcome]:
    """The outcomes by `0015/deduplicates`."""
    return {outcome.requirement.id.removeprefix("history/"): outcome for outcome in report.outcomes}


def failing(report: Report) -> dict[str, str]:
    """What fails, with its level."""
    return {id_: o.requirement.level for id_, o in by_id(report).items() if o.verdict == "fail"}
