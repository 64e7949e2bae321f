"""The scenes of the invariants: SQL that breaks a claim on rows, only seems to, or mends it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from conformance.fixtures_of import scenes as files
from conformance.model.contract import Contract
from conformance.state import Claim

_ASLEEP = "SET LOCAL session_replication_role = replica;\n{};\nSET LOCAL session_replication_role = origin"

_DROP = """DO $drop$
DECLARE line text;
BEGIN
    FOR line IN
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
        FROM pg_constraint WHERE conrelid = '<table>'::regclass AND contype IN ({})
        ORDER BY contype = 'f' DESC, conname
    LOOP
        EXECUTE line;
    END LOOP;
END
$drop$"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenes:
    """What is done to the clean world, by one claim; each is a script."""

    near_miss: str
    violations: tuple[str, ...]
    repair: str


def scenes_of(claim: Claim, contract: Contract) -> Scenes:
    """The scenes of a claim. Raises `RuntimeError` where a claim has none: that is an error of the tool."""
    own = _read().get(claim.invariant.module, {})
    name = f"{claim.invariant.subject}/{claim.invariant.name}"
    found = own.get(name) or own.get("*")
    if found is None:
        raise RuntimeError(f"{claim.requirement.id} has no scenes in fixtures/invariants")
    words = _words(claim, contract)
    return Scenes(
        near_miss=_script(found["near_miss"], words),
        violations=tuple(_script(text, words) for text in (found["violation"], *found.get("violations", ()))),
        repair=_script(found["repair"], words),
    )


@cache
def _read() -> Mapping[str, Mapping[str, Any]]:
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files()}


def _words(claim: Claim, contract: Contract) -> Mapping[str, str]:
    """What stands for the marks of a family's scenes."""
    requirement, invariant = claim.requirement, claim.invariant
    parent = next((table for table in invariant.needs if table != requirement.table), requirement.table)
    keys = invariant.needs[parent] or ("",)
    values = next(
        (
            r.spec["values"]
            for r in contract.requirements
            if (r.table, r.columns, r.since) == (requirement.table, requirement.columns, requirement.since)
            and "values" in r.spec
        ),
        [""],
    )
    return {
        "<unchecked>": _DROP.format("'c'"),
        "<unkeyed>": _DROP.format("'f', 'u', 'p'"),
        "<table>": requirement.table,
        "<column>": requirement.columns[0] if requirement.columns else "",
        "<equal>": " AND ".join(f"a.{name} = b.{name}" for name in requirement.columns),
        "<parent>": parent,
        "<key>": keys[0],
        "<value>": values[0],
    }


def _script(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return _ASLEEP.format(text.strip().rstrip(";"))
