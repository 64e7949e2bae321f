"""What the ledgers of the known tools record, from their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from conformance.model.level import Claim
from conformance.model.record import Record

SQITCH = "sqitch"

Row = Sequence[str | None]
_NUMBER = re.compile(r"0*(\d{1,4})")
_NAMED = re.compile(r"[vV]?0*(\d{1,4})(?:[_. -].*)?", re.DOTALL)
_NOTHING = "-1"
"""What golang-migrate calls the state before the first migration."""
_UNDONE = ("UNDO", "DELETE")
_TRUE = ("true", "t", "1")
_FALSE = ("false", "f", "0")


class Tool(Record):
    """A tool of migrations: the table of its ledger, the columns that say what was run, and how."""

    name: str
    table: str
    columns: tuple[str, ...]
    read: Callable[[Sequence[Row]], Mapping[str, Claim | str]]


def claimed(tool: Tool, rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """What the rows record, or why nothing can be made of them; by project, or by "" where there are none."""
    return tool.read(rows)


def _number(text: str | None, pattern: re.Pattern[str] = _NUMBER) -> str | None:
    """The documented number that an entry is called by: four digits."""
    found = pattern.fullmatch(text or "")
    return f"{int(found[1]):04}" if found and int(found[1]) else None


def _rank(row: Row) -> int:
    """The running number that a row begins with."""
    return int(row[0]) if row[0] and row[0].isascii() and row[0].isdigit() else 0


def _golang(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row: the version that was reached, and whether the way there broke off."""
    if len(rows) > 1:
        return {"": f"it has {len(rows)} rows, and golang-migrate keeps one"}
    for version, dirty in rows:
        number, broken = _number(version), dirty in _TRUE
        if not broken and dirty not in _FALSE:
            return {"": f"whether the way to {version or 'NULL'} broke off is not said"}
        if version == _NOTHING and not broken:
            return {"": Claim()}
        if number is None:
            foreign = (version or "NULL",)
            return {"": Claim(failed=foreign if broken else (), foreign=foreign)}
        return {"": Claim(through=f"{int(number) - broken:04}", failed=(number,) if broken else ())}
    return {"": Claim()}


def _listing(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row a version that was run."""
    return {"": _claim([(version, True) for (version,) in rows], _NUMBER)}


def _alembic(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row a head: it and all before it were run."""
    numbers = {version: _number(version, _NAMED) for (version,) in rows}
    known = [number for number in numbers.values() if number]
    foreign = tuple(version or "NULL" for version, number in numbers.items() if number is None)
    return {"": Claim(through=max(known, default=""), foreign=foreign)}


def _goose(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row each time that a version was run or undone; the last counts. Version 0 is goose's own."""
    ordered = sorted(rows, key=_rank)
    state = {version: applied in _TRUE for _, version, applied in ordered if version != "0"}
    return {"": _claim(list(state.items()), _NUMBER)}


def _flyway(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row each time that a version was run, undone or failed; what has no version is repeatable. A baseline stands
    for all before it."""
    ordered = sorted(rows, key=_rank)
    state: dict[str | None, bool] = {}
    failed: dict[str, None] = {}
    through = ""
    for _, version, kind, success in ordered:
        number = _number(version)
        if version is None or kind == "SCHEMA":
            continue
        if number is not None:
            failed.pop(number, None)
        if success not in _TRUE:
            failed[number or version] = None
            continue
        if kind == "BASELINE" and number is not None:
            through = max(through, number)
        state[version] = not (kind or "").startswith(_UNDONE)
    claim = _claim(list(state.items()), _NUMBER)
    return {"": Claim(run=claim.run, through=through, failed=tuple(failed), foreign=claim.foreign)}


def _sqitch(rows: Sequence[Row]) -> Mapping[str, Claim | str]:
    """One row a change that is deployed, by its name, of one of several projects."""
    projects: dict[str, list[tuple[str | None, bool]]] = {}
    for _, project, change in rows:
        projects.setdefault(f"project {project}", []).append((change, True))
    return {project: _claim(changes, _NAMED) for project, changes in projects.items()}


def _claim(state: Sequence[tuple[str | None, bool]], pattern: re.Pattern[str]) -> Claim:
    """Of versions that were run (true) or undone again."""
    numbers = [(version, _number(version, pattern), run) for version, run in state]
    return Claim(
        run=frozenset(number for _, number, run in numbers if number and run),
        foreign=tuple(sorted(version or "NULL" for version, number, _ in numbers if number is None)),
    )


TOOLS = (
    Tool(name="golang-migrate", table="schema_migrations", columns=("version", "dirty"), read=_golang),
    Tool(name="dbmate", table="schema_migrations", columns=("version",), read=_listing),
    Tool(
        name="Flyway",
        table="flyway_schema_history",
        columns=("installed_rank", "version", "type", "success"),
        read=_flyway,
    ),
    Tool(name="Alembic", table="alembic_version", columns=("version_num",), read=_alembic),
    Tool(name="goose", table="goose_db_version", columns=("id", "version_id", "is_applied"), read=_goose),
    Tool(name=SQITCH, table="changes", columns=("change_id", "project", "change"), read=_sqitch),
)
"""Of two with one table, the one that asks for more columns comes first."""
