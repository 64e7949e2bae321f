"""The column has the type asked for, or one that holds everything that it holds.

Why: a narrower type refuses or cuts what the documentation allows, another type answers otherwise to the same query.

Example: `0024/agents.allowed_tools/type` asks for `text[]` in the profile `documented`.

Passes: aliases (`int4`, `INTEGER`); a domain over the type; wider types with a note: `bigint` for `integer`, `numeric`
without limits for `double precision`, `varchar` without a length for `text`, a larger `numeric(p,s)`, `vector` without
a dimension. An enum for `text` where the contract gives the column a set of values (its labels are judged as that set).

Fails: narrower (`smallint` for `integer`, `real` for `double precision`, `varchar(40)` for `text`, `timestamptz(0)`),
other (also a stranger's type of the same name; `json` for `jsonb`, `timestamp` for `timestamptz`, `jsonb` for `text[]`,
`text` for `text[]`, `citext` for `text`), an array of another type, an enum where any text is allowed; and where no
claim on values judges the column's CHECKs: one, of the table on this column alone or of a domain, also of the elements,
that lets in no ordinary value or but one, no long text for `text`, or no more than `int` holds for `bigint`.

Indeterminate: a CHECK that refuses some ordinary text, some uuid, or a number or a time between two that it takes, or
that may not be evaluated; what is computed from this column and cannot be from some value.

Repair: `ALTER TABLE … ALTER COLUMN … TYPE …`; it rewrites the table if the stored form differs.

Limits: where a claim on values says what the column takes, that judges its CHECKs, not this. Elsewhere some ordinary
values are tried: what a CHECK refuses beside them (the empty string, a negative number) is at most noted, and passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.catalog import Column, Table, Type
from conformance.model.contract import Requirement, Shapes, about_one_column
from conformance.model.hurdles import narrow_results, refuses
from conformance.model.mending import beside, by_a_view, column_of, comment, relation, script
from conformance.model.narrowing import VALUED, Narrowing, may_narrow, narrowings
from conformance.model.outcome import Judgement, failed, passed
from conformance.model.question import Probe, Question
from conformance.model.record import replace
from conformance.model.samples import SAMPLES
from conformance.model.scene import Scene
from conformance.model.spelled import ALIASES, SPELLED, parse
from conformance.model.sql import identifier

KIND = "type"
CLAIMS: Shapes = {"type": {"is": (str,)}}
SEEN_THROUGH_VIEWS = True
IDLE_BESIDE = VALUED

# For a type, those that hold all that it holds and compare as it does.
WIDER = {"int2": ("int4", "int8"), "int4": ("int8",), "float4": ("float8", "numeric"), "float8": ("numeric",)}

SHIPPED = frozenset({*ALIASES.values(), *SAMPLES})
"""The types that a contract can only mean as PostgreSQL's own, whatever else has their name."""

_NUMBERS = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8"})
_MOMENTS = frozenset({"timestamptz", "timestamp", "date"})
_STRINGS = frozenset({"text", "varchar", "bpchar", "name"})
_JSON = frozenset({"json", "jsonb"})
_FAMILIES = (_NUMBERS, _MOMENTS, _STRINGS, _JSON)
_CASTS = frozenset({("bool", "int4"), ("int4", "bool"), *(("jsonb", name) for name in (*_NUMBERS, "bool"))})
_CONSTANT = re.compile(r"'((?:[^']|'')*)'::")


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_one_column(columns)
    if SPELLED.match(spec["is"].strip().lower()) is None:
        yield f"{spec['is']!r} is no type; write it as PostgreSQL does, such as numeric(12,6) or text[]"


def expected(requirement: Requirement) -> str:
    return str(requirement.spec["is"])


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    for found in _narrowings(requirement, table):
        if isinstance(found.asks, Probe):
            yield found.asks


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    judgement = _judge_type(requirement, table, scene)
    if judgement.verdict != "pass" or not table.is_table:
        return judgement
    if why := next(_lookups(requirement, table, scene), ""):
        return replace(judgement, verdict="indeterminate", note=_joined(judgement.note, why))
    if not may_narrow(table, requirement.columns[0]) or scene.claims_on(table.name, requirement.columns) & VALUED:
        return judgement
    notes: dict[str, list[str]] = {"none": [], "some": [], "unknown": [], "narrower": []}
    for found in _narrowings(requirement, table):
        answer = scene.catalog.answers.get(found.asks) if isinstance(found.asks, Probe) else None
        effect, words = found.effect(answer)
        if effect != "none" or not any(found.name in told for told in (*notes["some"], *notes["none"])):
            notes[effect].append(words)
    notes["unknown"] += narrow_results(table, requirement.columns)
    if notes["narrower"]:
        return replace(judgement, verdict="fail", note=_joined(judgement.note, *notes["narrower"]))
    if notes["unknown"]:
        return replace(judgement, verdict="indeterminate", note=_joined(judgement.note, *notes["unknown"]))
    return replace(judgement, note=_joined(judgement.note, *notes["some"], *notes["none"]))


def _lookups(requirement: Requirement, table: Table, scene: Scene) -> Iterator[str]:
    """The column's foreign keys to tables that nobody asked for, where no claim on values sees them."""
    for key in table.foreign_keys:
        strange = key.columns == requirement.columns and key.target not in scene.catalog.tables and refuses(key)
        if strange and not scene.claims_on(table.name, requirement.columns) & (VALUED | {"foreign-key"}):
            yield f"{key.name} wants the value in {key.target_schema}.{key.target}, which nobody asked for"


def _narrowings(requirement: Requirement, table: Table) -> Iterator[Narrowing]:
    """The CHECKs that may make the type narrower than it is declared."""
    if may_narrow(table, requirement.columns[0]):
        unlimited = parse(expected(requirement)) in (("text", (), False), ("text", (), True))
        yield from narrowings(table, table.columns[requirement.columns[0]], unlimited=unlimited)


def _judge_type(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    actual = table.columns[requirement.columns[0]].type
    asked = expected(requirement)
    name, typmod, array = parse(asked)
    over = f"{actual.declared} is a domain over {_base(actual)}" if actual.domains else ""
    if array != actual.array:
        what = "an array" if actual.array else "no array"
        return failed(asked, actual.declared, f"it is {what}")
    if actual.labels is not None:
        return _judge_enum(requirement, asked, actual, name, scene)
    if not actual.shipped and name in SHIPPED:
        return failed(
            asked, actual.declared, _joined(over, f"it is {actual.schema}.{actual.name}, not PostgreSQL's own")
        )
    if actual.name == name:
        return _judge_modifier(asked, actual, name, typmod, over)
    if actual.typmod < 0 and (actual.name in WIDER.get(name, ()) or (name, actual.name) == ("text", "varchar")):
        return passed(asked, actual.declared, _joined(over, f"{_base(actual)} holds all that {asked} holds"))
    if name == "text" and actual.name == "varchar" and (limit := _modifier(actual.name, actual.typmod)):
        return failed(asked, actual.declared, _joined(over, f"it is limited to {limit[0]} characters"))
    return failed(asked, actual.declared, over or _difference(name, actual.name))


def repair(requirement: Requirement, table: Table | None) -> str:
    name, column, to = relation(requirement, table), identifier(requirement.columns[0]), requirement.spec["is"]
    if hidden := by_a_view(requirement, table):
        return hidden
    alter = f"ALTER TABLE {name} ALTER COLUMN {column}"
    found = column_of(requirement, table)
    if found is None or table is None:
        return f"{alter} TYPE {to} USING {column}::{to};"
    if found.inherited:
        return comment(f"{column} is inherited: its type is changed in the table that it is inherited from")
    if found.generated:
        return comment(f"{column} is generated: see the repair of its /column first")
    using, remark = _using(found.type, column, to)
    if not using:
        return comment(remark)
    alike = _converts(found.type, to)
    clauses = [] if alike else _drops(table, found.name)
    before, after = ("", "") if alike or found.default is None else _default_again(found, to, alter)
    if found.identity and parse(to)[0] not in ("int2", "int4", "int8"):
        before = f"{alter} DROP IDENTITY;"
    return script(
        comment("it rewrites the table where the stored form differs" + (f"; {remark}" if remark else "")),
        *clauses,
        before,
        f"{alter} TYPE {to} USING {using};",
        after,
    )


def _using(actual: Type, column: str, to: str) -> tuple[str, str]:
    """The expression that makes the new value of the old one, "" where there is none, and what is to be said of it."""
    name, _, array = parse(to)
    cast = f"{column}::{to}"
    none = f"PostgreSQL has no way from {actual.declared} to {to}: what becomes of each value is for you to decide"
    if actual.array != array:
        if actual.array and name in _JSON:
            return f"to_{name}({column})", "each array becomes a JSON array"
        if actual.array and name in _STRINGS:
            return cast, "each array is written as a string such as {a,b}"
        if actual.array and name in ("vector", "halfvec"):
            return cast, ""
        if not actual.array and actual.name in _STRINGS:
            return cast, "each string must be an array's, such as {a,b}: others have to be rewritten before"
        return "", none
    if actual.name == name and (actual.shipped or name not in SHIPPED):
        return cast, "rows of another dimension have to go before" if name == "vector" else ""
    if not actual.shipped:
        return f"{column}::text{'[]' if array else ''}::{to}", "a value that does not read as the new type stops it"
    if (actual.name, name) == ("timestamp", "timestamptz"):
        return f"{column} AT TIME ZONE 'UTC'", "the old values are taken as UTC"
    if (actual.name, name) == ("timestamptz", "timestamp"):
        return f"{column} AT TIME ZONE 'UTC'", "the new values are in UTC"
    castable = name in _STRINGS or any(actual.name in family and name in family for family in _FAMILIES)
    if castable or (actual.name, name) in _CASTS:
        return cast, ""
    if actual.name in _STRINGS:
        return cast, "a value that does not read as the new type stops it"
    return "", none


def _converts(actual: Type, to: str) -> bool:
    """Whether PostgreSQL takes a default and the constraints along by itself."""
    name, _, array = parse(to)
    if actual.array or array:
        return actual.array == array and actual.name in _STRINGS and name in _STRINGS
    same = actual.name == name and (actual.shipped or name not in SHIPPED)
    to_string = name in _STRINGS and actual.labels is None
    return same or to_string or any(actual.name in family and name in family for family in _FAMILIES)


def _drops(table: Table, name: str) -> list[str]:
    """What hangs on the column and would stop the change; it has to be made again behind it."""
    hanging = [check.name for check in table.checks if name in check.columns]
    hanging += [key.name for key in table.foreign_keys if name in key.columns]
    told = f"the new type needs its constraints anew: {', '.join(hanging)}" if hanging else ""
    statement = f"ALTER TABLE {beside(table, table.name)} DROP CONSTRAINT "
    return [comment(told), *(f"{statement}{identifier(key)};" for key in hanging)] if hanging else []


def _default_again(column: Column, to: str, alter: str) -> tuple[str, str]:
    """The statements that take the old default away and give the same one of the new type, or a comment instead."""
    text = column.default.text if column.default else ""
    name, _, array = parse(to)
    match = _CONSTANT.match(text)
    value = match[1] if match else None
    if column.type.array and name in _JSON:
        value = "[]" if value == "{}" else None
    elif column.type.array != array or name in _JSON:
        value = None
    if value is None:
        return f"{alter} DROP DEFAULT;", comment(f"its default was {text}: see the repair of its /default")
    return f"{alter} DROP DEFAULT;", f"{alter} SET DEFAULT '{value}';"


def _base(actual: Type) -> str:
    return actual.name + ("[]" if actual.array else "")


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _judge_enum(requirement: Requirement, asked: str, actual: Type, name: str, scene: Scene) -> Judgement:
    if name != "text":
        return failed(asked, actual.declared, "it is an enum")
    if scene.claims_on(requirement.table, requirement.columns) & {"accepts", "one-of"}:
        return passed(asked, actual.declared, "an enum over text; its labels are judged as the set of values")
    return failed(asked, actual.declared, "an enum holds only its labels, where any text is allowed")


def _judge_modifier(asked: str, actual: Type, name: str, wanted: tuple[int, ...], over: str) -> Judgement:
    found = _modifier(name, actual.typmod)
    if found == wanted:
        return passed(asked, actual.declared, over)
    if not found:
        return passed(asked, actual.declared, _joined(over, "without a limit, it holds all that is asked"))
    if name in ("timestamptz", "timestamp", "time", "timetz") and found == (6,) and not wanted:
        return passed(asked, actual.declared, _joined(over, "6 digits are the most there are"))
    if name == "numeric" and wanted:
        scale, wanted_scale = (part[1] if len(part) > 1 else 0 for part in (found, wanted))
        if scale >= wanted_scale and found[0] - scale >= wanted[0] - wanted_scale:
            return passed(asked, actual.declared, _joined(over, f"it holds all that {asked} holds"))
    if name in ("varchar", "bpchar", "varbit") and wanted and found[0] >= wanted[0] and name != "bpchar":
        return passed(asked, actual.declared, _joined(over, f"it holds all that {asked} holds"))
    return failed(asked, actual.declared, _joined(over, "its modifier is another one, or narrower"))


def _modifier(name: str, typmod: int) -> tuple[int, ...]:
    """What `pg_attribute.atttypmod` means for a type: lengths carry 4 bytes of header, numeric packs two numbers."""
    if typmod < 0:
        return ()
    if name in ("varchar", "bpchar"):
        return (typmod - 4,)
    if name == "numeric":
        scale = (typmod - 4) & 0x7FF
        return ((typmod - 4) >> 16 & 0xFFFF, scale - 2048 if scale > 1023 else scale)
    return (typmod,)


def _difference(asked: str, actual: str) -> str:
    if asked in WIDER.get(actual, ()):
        return f"{actual} is narrower than {asked}"
    return f"{actual} is another type"
