"""What a documented CHECK allows goes in, and what it forbids does not.

Why: a rule over several columns is kept by nobody but the database.

Example: `0013/agent_documents.content+uri/check`: a document has content or a URI.

Repair: `ALTER TABLE … ADD CONSTRAINT … CHECK (…)`.

Limits: the documented rows are tried; the rest of the row is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model.contract import Requirement
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert
from conformance.model.sql import literal

CLAIM = "check"


def expected(requirement: Requirement) -> str:
    count = len(requirement.spec["accepts"])
    return f"{count} documented ways to fill {', '.join(requirement.columns)}, and no other"


def cases(requirement: Requirement, specimens: Specimens) -> list[tuple[str, Mapping[str, Any]]]:
    spec = requirement.spec
    return [*(("accepted", row) for row in spec["accepts"]), *(("refused", row) for row in spec["refuses"])]


def experiment(requirement: Requirement, scribe: Scribe, case: tuple[str, Mapping[str, Any]]) -> Experiment:
    table, (how, said) = requirement.table, case
    bare = scribe.row(table, without=requirement.columns)
    tried = insert(table, {**bare, **_written(requirement, said)})
    given = tuple(scribe.given)
    if how == "accepted":
        return Experiment(given=given, tried=tried, expects="accepted")
    kept = insert(table, {**bare, **_written(requirement, requirement.spec["accepts"][0])})
    return Experiment(given=given, control=(kept,), tried=tried, expects="refused")


def _written(requirement: Requirement, said: Mapping[str, Any]) -> dict[str, str]:
    return {name: literal(str(said[name])) if name in said else "NULL" for name in requirement.columns}
