"""The tool broken on purpose, one small thing at a time: each time the kill matrix must notice.

A sabotage replaces a function, or a piece of the catalog statement, and names the requirement whose mutants and
equivalents are then tried. Whole, all of these are killed and none alarms; sabotaged, at least one must not be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from conformance import judge as judging
from conformance.checks import default, foreign_key, index, not_null, one_of, trigger
from conformance.checks import type as type_check
from conformance.fixtures_of import migrations
from conformance.model import admission, below, guards, uniqueness
from conformance.model.question import Accepted
from conformance.run import Options, load_contract
from conformance.sandbox import Server
from conformance.selftest.matrix import Trier
from conformance.sources import answer, workbench
from conformance.sources.opening import catalog_statement
from conformance.sources.throwaway import apply

KEY = "0015/agents.name/unique"
VALUES = "0014/approval_requests.request_type/one-of"
ACCEPTS = "0014/approval_requests.request_type/accepts"
REFERENCE = "0013/agent_documents.agent_id/foreign-key"
ACTION = "0013/agent_documents.agent_id/on-delete"
LOOKUP = "0016/chat_messages.session_id+created_at/index"
NULL = "0013/agent_documents.doc_type/not-null"
NUMBER = "0026/goals.cascade_id/type"
MOVED = "0013/agent_documents.updated_at/trigger"
START = "0028/approval_requests.required_approvals/default"
EITHER = "0013/agent_documents.content+uri/check"
COLUMN = "0013/agents.system_prompt/column"
ACTIONS = ("no action", "restrict", "set null", "set default")

Patch = Callable[[pytest.MonkeyPatch], None]


def put(target: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def statement(old: str, new: str) -> Patch:
    """The catalog statement with one piece of it replaced."""
    whole = catalog_statement()
    assert old in whole, f"the statement has no {old!r} any more"
    return put(workbench, "catalog_statement", lambda: whole.replace(old, new))


def verdict(kind: str, to: str) -> Patch:
    """A check that gives this verdict whatever it finds."""
    check = judging.checks()[kind]
    real = check.judge
    return put(check, "judge", lambda *given: replace(real(*given), verdict=to))


SABOTAGES: dict[str, tuple[str, Patch]] = {
    "a key that is not kept passes": (KEY, put(uniqueness, "why_not_kept", lambda *_: "")),
    "an expression counts as its column": (
        KEY,
        put(uniqueness, "key_columns", lambda i: {"name"} if i.unique else set()),
    ),
    "fewer columns besides are let be": (
        "0011/prompts.name+version/unique",
        put(below, "surplus", lambda *_: (None, "", False)),
    ),
    "a foreign key that is not kept passes": (REFERENCE, put(foreign_key, "why_not_kept", lambda *_: "")),
    "actions are all alike": (ACTION, put(foreign_key, "_ALIKE", [{"cascade", other} for other in ACTIONS])),
    "an index that cannot be used passes": (LOOKUP, put(index, "_why_not_usable", lambda *_: "")),
    "the order of keys does not count": (
        LOOKUP,
        put(index, "_leads", lambda r, i: set(r.columns) <= {key.column for key in i.keys}),
    ),
    "a narrower type passes": (NUMBER, put(type_check, "WIDER", {"uuid": ("text", "bytea", "varchar")})),
    "every type passes": (NUMBER, verdict("type", "pass")),
    "every type fails": (NUMBER, verdict("type", "fail")),
    "nothing is ever NOT NULL": (NULL, put(not_null, "refuses_null", lambda _: "")),
    "everything is NOT NULL": (NULL, put(not_null, "refuses_null", lambda _: "not null")),
    "all defaults are equal": (START, put(default, "_same", lambda *_: True)),
    "no default is equal": (START, put(default, "_same", lambda *_: False)),
    "NOT VALID counts as valid": (VALUES, put(guards, "why_unproven", lambda *_: "")),
    "all rows are taken for accepted": (VALUES, put(answer, "read", lambda q, v: Accepted(rows=(True,) * len(v)))),
    "all rows are taken for refused": (ACCEPTS, put(answer, "read", lambda q, v: Accepted(rows=(False,) * len(v)))),
    "only the documented values are tried": (VALUES, put(one_of, "neighbourhood", lambda _: [])),
    "an enum's labels are not read": (VALUES, put(admission, "_by_type", lambda *_: ("accepted", ""))),
    "a disabled trigger passes": (MOVED, put(trigger, "_why_not_fired", lambda _: "")),
    "every body does what it should": (MOVED, put(trigger, "effect", lambda *_: ("sets", "now()"))),
    "no body is understood": (MOVED, put(trigger, "effect", lambda *_: ("unknown", ""))),
    "a row of several columns is not tried": (EITHER, verdict("check", "pass")),
    "a column that is computed can be written": (COLUMN, verdict("column", "pass")),
    "convalidated is not read": (REFERENCE, statement("c.confdelsetcols, c.convalidated", "c.confdelsetcols, true")),
    "tgenabled is not read": (REFERENCE, statement("COALESCE(guard.asleep, 0)", "0")),
    "indisvalid is not read": (KEY, statement("json_agg(i.indisvalid)", "json_agg(true)")),
    "indimmediate is not read": (KEY, statement("json_agg(i.indimmediate)", "json_agg(true)")),
}


@pytest.fixture(scope="module")
def url(server: Server) -> str:
    """Our documented schema, for mutants to change."""
    made = server.create_database("sabotage")
    apply(made, migrations("documented", "0028"))
    return made


def wrong(url: str, id_: str) -> Iterator[str]:
    """The mutants of a requirement that live, and the equivalents that alarm."""
    contract = load_contract(Options())
    requirement = next(r for r in contract.requirements if r.id == id_)
    with workbench.Workbench(url) as bench:
        for trial in Trier(bench, contract, "0028").trials(requirement):
            if trial.fate not in ("killed", "passed"):
                yield f"{trial.mutant}: {trial.fate}"


@pytest.mark.parametrize("id_", sorted({id_ for id_, _ in SABOTAGES.values()}))
def test_whole_everything_is_killed(url: str, id_: str) -> None:
    assert list(wrong(url, id_)) == []


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_sabotaged_something_lives(url: str, sabotage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    id_, patch = SABOTAGES[sabotage]
    patch(monkeypatch)
    assert next(wrong(url, id_), None), f"{sabotage}, and the matrix of {id_} does not notice"
