"""All tools that an agent may call, `allowed_tools`, are in the catalogue, `tool_definitions`.

Why: a tool that is in no catalogue has no risk tier and no sandbox: either the call fails, or nobody decides about it.

Example: `0024/agents.allowed_tools/in-catalogue`: `{search, serach}`.

How: the list may be a `text[]`, as the page has it, or a JSON array of strings, as the platform's own migrations build
it (see C10); each element has to be the name of a tool, in any version.

Repair: take the name out of the list, or define the tool.

Limits: a list that is NULL, or JSON null, says nothing and is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading

COLUMN = "allowed_tools"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="agents",
        columns=(COLUMN,),
        name="in-catalogue",
        level="should",
        expected="each allowed tool is the name of a tool definition",
        needs={"agents": (COLUMN,), "tool_definitions": ("name",)},
        look=_look,
        repair="-- define the tool, or take its name out of the list",
    )


def _look(reading: Reading) -> Rows:
    name = reading.value("tool_definitions", "name", "text", "d")
    known = f"(SELECT {name} FROM {reading.source('tool_definitions')} AS d WHERE {name} IS NOT NULL)"
    if reading.column("agents", COLUMN).type.name == "jsonb":
        list_ = reading.value("agents", COLUMN, "json")
        kind = f"pg_catalog.jsonb_typeof({list_})"
        elements = f"pg_catalog.jsonb_array_elements(CASE {kind} WHEN 'array' THEN {list_} END) AS e (tool)"
        text = "e.tool #>> '{}' COLLATE pg_catalog.\"C\""
        unknown = f"pg_catalog.jsonb_typeof(e.tool) <> 'string' OR {text} NOT IN {known}"
        violates = f"{kind} NOT IN ('null', 'array') OR EXISTS (SELECT FROM {elements} WHERE {unknown})"
        return reading.rows("agents", violates, about=(COLUMN,))
    array = reading.array("agents", COLUMN, of="text")
    text = 'e.tool COLLATE pg_catalog."C"'
    violates = (
        f"EXISTS (SELECT FROM pg_catalog.unnest({array}) AS e (tool) WHERE e.tool IS NULL OR {text} NOT IN {known})"
    )
    return reading.rows("agents", violates, about=(COLUMN,))
