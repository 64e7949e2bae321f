"""A row that does not give the column a value gets the documented one.

Why: a client that leaves the column out relies on it; another default is another behaviour, silently.

Example: `0028/approval_requests.required_approvals/default` is `1`; `0013/agent_documents.created_at/default` is now.

How: by meaning. A constant is compared as a value of its type; another expression of PostgreSQL's own that is not
volatile is evaluated on the server, read-only; a volatile one is never evaluated (`nextval` would burn a value).

Passes: `now()`, `CURRENT_TIMESTAMP`, `transaction_timestamp()`; `'{}'`, `'{}'::jsonb`, `jsonb_build_object()`; a
default that comes with the column's domain; an identity column that clients may write, for `nextval`; with a note,
`clock_timestamp()`, `statement_timestamp()`, `uuidv4()`, `uuidv7()`, `uuid_generate_v4()`.

Fails: no default, another value, a column that is GENERATED ALWAYS, `'now'::timestamptz` (the moment of the migration),
the documented value where a CHECK on the column or on its domain refuses it: then no row can leave the column out.

Indeterminate: a trigger at an INSERT whose body may raise, or may give the column another value; for now, another
expression that was the same moment when it was evaluated.

Repair: `ALTER TABLE … ALTER COLUMN … SET DEFAULT …`.

Limits: a default that calls a stranger's function is never run: the claim is then indeterminate. Which sequence
`nextval` draws from is not looked at, nor how far that counts before it ends or begins again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from conformance.model import inserting
from conformance.model.admission import Admission
from conformance.model.catalog import CUT, LONGEST, Column, Expression, Table
from conformance.model.contract import Requirement, Shapes, about_one_column
from conformance.model.defaults import LATE_MOMENTS, MOMENTS, STEADY, constant_of, default_of, takes
from conformance.model.guards import EVALUABLE
from conformance.model.mending import column_of, comment, relation, script
from conformance.model.narrowing import may_narrow
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.question import Answer, Constant, Question, Text
from conformance.model.scene import Scene
from conformance.model.sql import identifier, literal

KIND = "default"
CLAIMS: Shapes = {"default": {"value": (str, None), "call": (str, None)}}

_CALLS = {
    "now()": MOMENTS,
    "gen_random_uuid()": {"gen_random_uuid()": ""},
}
_ALMOST = {
    "now()": LATE_MOMENTS,
    "gen_random_uuid()": {
        "uuidv4()": "uuidv4() is the same",
        "uuidv7()": "uuidv7() is as unique, and tells the time",
    },
}
_DRAWS = "nextval()"
_RANDOM_UUID = re.compile(r"(?:[\w\"]+\.)?(uuid_generate_v4|gen_random_uuid)\(\)\Z")
_NEXTVAL = re.compile(r"nextval\('(?:[^']|'')*'::regclass\)\Z")


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_one_column(columns)
    if len(spec.keys() & {"value", "call"}) != 1:
        yield "give value or call, one of them"
    elif "call" in spec and spec["call"] not in (*_CALLS, _DRAWS):
        yield f"{spec['call']!r} is not a call that can be judged; those are {', '.join((*_CALLS, _DRAWS))}"


def expected(requirement: Requirement) -> str:
    if "call" in requirement.spec:
        return f"default {requirement.spec['call']}"
    return f"default {literal(requirement.spec['value'])}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    column = table.columns[requirement.columns[0]]
    default = default_of(column)
    if "value" in requirement.spec and default is not None and _to_evaluate(requirement, column, default):
        yield _question(column, default)
    if requirement.spec.get("call") == "now()" and default is not None and _is_of_own_parts(default):
        yield _same_moment(default)
    if (admission := _admission(requirement, table, scene)) is not None:
        yield from admission.questions()


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    judgement = _judge_default(requirement, table, scene)
    if judgement.verdict != "pass" or not table.is_table:
        return judgement
    asked, seen = judgement.expected, judgement.observed
    if (admission := _admission(requirement, table, scene)) is not None:
        ((fate, why),) = admission.fates(scene.catalog)
        if fate == "refused":
            return failed(asked, seen, f"{why} refuses that value: no row can leave the column out")
        if fate == "unknown":
            return undecided(asked, seen, why)
    elif doubt := next(inserting.doubts(table, requirement.columns), ""):
        return undecided(asked, seen, doubt)
    return judgement


def _admission(requirement: Requirement, table: Table, scene: Scene) -> Admission | None:
    """The documented value against what new rows meet, where that may be anything."""
    value, column = requirement.spec.get("value"), table.columns[requirement.columns[0]]
    if value is None or not table.is_table or column.type.array:
        return None
    guarded = any(column.name in check.columns for check in table.checks)
    leads = any(column.name in key.columns for key in table.foreign_keys)
    if not (guarded or leads or table.parts or may_narrow(table, column.name)) or _accepted(requirement, scene):
        return None
    return Admission(table=table, columns=(column.name,), rows=((value,),), anywhere=True)


def _accepted(requirement: Requirement, scene: Scene) -> bool:
    """Whether another claim says that this value gets in."""
    return any(
        one.claim == "accepts"
        and one.columns == requirement.columns
        and requirement.spec["value"] in one.spec["values"]
        for one in scene.asked.get(requirement.table, ())
    )


def _judge_default(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    column = table.columns[requirement.columns[0]]
    asked = expected(requirement)
    if column.generated or column.identity == "always":
        return failed(asked, "generated always", "clients may not give it a value, so it has no default")
    default = default_of(column)
    if "call" in requirement.spec:
        return _judge_call(asked, requirement.spec["call"], column, default, scene.catalog.answers)
    if default is None:
        return failed(asked, "no default")
    return _judge_value(requirement, asked, column, default, scene)


def repair(requirement: Requirement, table: Table | None) -> str:
    name, column = relation(requirement, table), identifier(requirement.columns[0])
    alter = f"ALTER TABLE {name} ALTER COLUMN {column}"
    found = column_of(requirement, table)
    if requirement.spec.get("call") == _DRAWS:
        return _repair_draws(requirement, table, found, alter)
    call = requirement.spec.get("call")
    value = str(call) if call is not None else literal(requirement.spec["value"])
    if found is not None and found.generated == "virtual":
        return comment(f"{column} has to become a plain column first: see the repair of its /column")
    if found is not None and not takes(found, call, requirement.spec.get("value")):
        return script(
            comment(f"as long as {column} is {found.type.declared}, it cannot have this default; once it can:"),
            comment(f"{alter} SET DEFAULT {value};"),
        )
    first = ""
    if found is not None and found.identity:
        first = f"{alter} DROP IDENTITY;"
    elif found is not None and found.generated:
        first = f"{alter} DROP EXPRESSION;"
    return script(first, f"{alter} SET DEFAULT {value};")


def _repair_draws(requirement: Requirement, table: Table | None, found: Column | None, alter: str) -> str:
    """An identity column that clients may write, counting on from what is there."""
    name, column = relation(requirement, table), identifier(requirement.columns[0])
    if found is not None and found.identity:
        return f"{alter} SET GENERATED BY DEFAULT;"
    if found is not None and (found.generated or found.type.array or found.type.name not in ("int2", "int4", "int8")):
        return comment(f"{column} has to become a plain column of a whole number first: see /column and /type")
    return script(
        "" if found is not None and found.not_null else f"{alter} SET NOT NULL;",
        f"{alter} DROP DEFAULT;" if found is not None and found.default else "",
        f"{alter} ADD GENERATED BY DEFAULT AS IDENTITY;",
        f"SELECT setval(pg_get_serial_sequence({literal(name)}, {literal(requirement.columns[0])}),"
        f" coalesce(max({column}), 0) + 1, false) FROM {name};",
    )


def _judge_call(
    asked: str, call: str, column: Column, default: Expression | None, answers: Mapping[Question, Answer]
) -> Judgement:
    if call == _DRAWS:
        if column.identity == "by default":
            return passed(asked, "generated by default as identity", "an identity column draws from its sequence")
        if default is not None and _NEXTVAL.match(default.text):
            return passed(asked, default.text)
        return failed(asked, default.text if default else "no default")
    if default is None:
        return failed(asked, "no default")
    text = default.text
    if text in _CALLS[call]:
        return passed(asked, text, "" if text == call else "the same moment")
    if text in _ALMOST[call]:
        return passed(asked, text, _ALMOST[call][text])
    if call == "gen_random_uuid()" and (match := _RANDOM_UUID.match(text)) and default.extensions:
        return passed(asked, text, f"{match[1]} of an extension")
    if call == "now()" and text.startswith("'"):
        return failed(asked, text, "a constant: the moment of the migration, for every row")
    if default.strangers:
        return undecided(asked, text, f"it uses {', '.join(default.strangers)}, which is never run")
    if call == "now()" and answers.get(_same_moment(default)) == Text(values=("t",)):
        return undecided(asked, text, "it was the same moment when it was looked at, and is not shown to be it always")
    return failed(asked, text)


def _same_moment(default: Expression) -> Constant:
    moment = "'pg_catalog.timestamptz'::pg_catalog.regtype"
    same = f"({default.text})::pg_catalog.timestamptz OPERATOR(pg_catalog.=) pg_catalog.now()"
    whole = f"pg_catalog.pg_typeof({default.text}) OPERATOR(pg_catalog.=) {moment} AND {same}"
    return Constant(expression=whole, cast="pg_catalog.bool")


def _judge_value(requirement: Requirement, asked: str, column: Column, default: Expression, scene: Scene) -> Judgement:
    wanted, text = requirement.spec["value"], default.text
    note = "" if column.default is not None else "the default of its domain"
    constant = constant_of(default)
    if constant is not None and _same(column, constant, wanted):
        return passed(asked, text, note)
    if not _to_evaluate(requirement, column, default):
        if text.startswith("NULL"):
            return failed(asked, text)
        if _NEXTVAL.match(text) or any(text in calls for calls in _CALLS.values()):
            return failed(asked, text, "its value is not the same every time")
        if constant is not None:
            return failed(asked, text, f"its value is {literal(constant)}")
        if CUT in (default.nodes or ()):
            return undecided(asked, text, f"it is longer than {LONGEST:,} characters, and was not pulled whole")
        why = "its parse tree was not looked at" if default.nodes is None else "its value is not the same every time"
        if default.strangers:
            why = f"it uses {', '.join(default.strangers)}"
        if default.volatility == "v" and not default.strangers:
            return failed(asked, text, why)
        return undecided(asked, text, f"{why}: it is never evaluated")
    answer = scene.catalog.answers.get(_question(column, default))
    if not isinstance(answer, Text):
        return undecided(asked, text, f"it could not be evaluated: {getattr(answer, 'reason', 'it was not asked')}")
    value = answer.values[0]
    if value is not None and _same(column, value, wanted):
        return passed(asked, text, "; ".join(filter(None, (note, f"its value is {literal(value)}"))))
    return failed(asked, text, f"its value is {'NULL' if value is None else literal(value)}")


def _to_evaluate(requirement: Requirement, column: Column, default: Expression) -> bool:
    """Whether the server has to compute the default, and may: PostgreSQL's own parts only, not volatile."""
    constant = constant_of(default)
    if constant is not None and (_same(column, constant, requirement.spec["value"]) or default.nodes is None):
        return False
    if default.strangers or default.nodes is None or default.volatility == "v" or not column.type.shipped:
        return False
    if default.volatility == "s" and not set(default.functions) <= STEADY:
        return False
    return default.nodes <= EVALUABLE


def _is_of_own_parts(default: Expression) -> bool:
    """Whether a default that is none of those known may be evaluated: PostgreSQL's own parts, and not volatile."""
    known = {*_CALLS["now()"], *_ALMOST["now()"]}
    if default.text in known or default.strangers or default.nodes is None or default.volatility != "s":
        return False
    return default.nodes <= EVALUABLE | {"SQLVALUEFUNCTION"}


def _question(column: Column, default: Expression) -> Constant:
    return Constant(expression=default.text, cast=f"pg_catalog.{column.type.name}{'[]' if column.type.array else ''}")


def _same(column: Column, value: str, wanted: str) -> bool:
    """Whether two texts are one value of the column's type."""
    if value == wanted:
        return True
    name = column.type.name
    try:
        if column.type.array:
            return False
        if name in ("int2", "int4", "int8", "numeric", "float4", "float8"):
            return Decimal(value) == Decimal(wanted)
        if name in ("json", "jsonb"):
            return json.dumps(json.loads(value), sort_keys=True) == json.dumps(json.loads(wanted), sort_keys=True)
        if name == "bool":
            return value[:1] == wanted[:1]
    except (InvalidOperation, ValueError):
        return False
    return False
