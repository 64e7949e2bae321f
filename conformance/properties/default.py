"""A row that does not name the column gets the documented value.

Why: clients leave out what is documented to come by itself; another default silently makes other rows.

Example: `0014/approval_requests.request_type/default` is `risky_task`.

Repair: `ALTER TABLE … ALTER COLUMN … SET DEFAULT …`.

Limits: a documented `now()` is taken for any moment between the beginning of the transaction and the statement's, in
sessions of three time zones;
`gen_random_uuid()` for any UUID that no second row gets; `nextval()` for a number that no
second row gets. Other calls are not provoked.
"""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.defaults import LATE_MOMENTS, MOMENTS, STEADY, constant_of, default_of
from conformance.model.experiment import Experiment
from conformance.model.specimen import Scribe, Specimens, insert
from conformance.model.sql import identifier, literal

CLAIM = "default"

_OF_TIME = ("now()", "CURRENT_TIMESTAMP")
_FRESH = ("gen_random_uuid()", "nextval()")
_KNOWN = (*_OF_TIME, *_FRESH)
_CHOOSING = frozenset({"CASE", "CASEEXPR", "OPEXPR", "NULLIFEXPR", "MINMAX", "MINMAXEXPR"})
"""What may make another moment of one."""
_ZONES = ("Asia/Tokyo", "America/New_York")
"""Where a moment without its zone is another one, sooner and later."""
_OURS = "xmin::text = (txid_current() % 4294967296)::text"
"""Of all rows those of this transaction."""


def expected(requirement: Requirement) -> str:
    spec = requirement.spec
    value = spec["call"] if "call" in spec else literal(str(spec["value"]))
    return f"{value} in {requirement.subject} where a row does not name it"


def cases(requirement: Requirement, specimens: Specimens) -> list[str]:
    call = requirement.spec.get("call", "now()")
    return ["", *(_ZONES if "call" in requirement.spec and call in _OF_TIME else ())] if call in _KNOWN else []


def experiment(requirement: Requirement, scribe: Scribe, case: str) -> Experiment:
    table, (column,) = requirement.table, requirement.columns
    name = identifier(column)
    if case:
        scribe.given.append(f"SET LOCAL timezone = {literal(case)}")
    row = scribe.row(table, without=[column])
    call = requirement.spec.get("call")
    asked = ""
    tried = insert(table, row, f"{name} AS observed, {_condition(requirement, scribe)} AS as_documented")
    if call in _FRESH:
        scribe.given.append(insert(table, row))
        tried = insert(table, scribe.row(table, without=[column], drawn=False))
        grows = f"count(DISTINCT {name}) = count(*) AND count(*) > 1"
        observed = f"string_agg(CAST({name} AS text), ', ')"
        asked = f"SELECT {observed} AS observed, {grows} AS as_documented FROM {identifier(table)}\n    WHERE {_OURS}"
    return Experiment(given=tuple(scribe.given), tried=tried, expects="accepted", asked=asked, answers=not asked)


def doubt(requirement: Requirement, specimens: Specimens) -> str:
    """What examples of today cannot tell: a default that is computed anew may be another one tomorrow."""
    default = default_of(specimens.table(requirement.table).columns[requirement.columns[0]])
    if default is None or default.text in MOMENTS or default.text in LATE_MOMENTS or constant_of(default) is not None:
        return ""
    if "value" in requirement.spec:
        steady = default.volatility == "i" or (default.volatility == "s" and set(default.functions) <= STEADY)
    else:
        steady = requirement.spec["call"] not in _OF_TIME or (default.nodes or frozenset()).isdisjoint(_CHOOSING)
    told = "is computed for each row, and may give another value at another time"
    return "" if steady else f"no example departs, but {default.text} {told}"


def _condition(requirement: Requirement, scribe: Scribe) -> str:
    name = identifier(requirement.columns[0])
    if "call" in requirement.spec:
        return f"{name} BETWEEN now() AND clock_timestamp()"
    asked = scribe.specimens.documented(requirement.table, requirement.columns[0]).claims.get("type")
    type_ = asked.spec["is"] if asked else "text"
    value = literal(str(requirement.spec["value"]))
    return f"CAST(CAST({name} AS {type_}) AS text) = CAST(CAST({value} AS {type_}) AS text)"
