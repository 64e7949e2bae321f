"""The laws broken on purpose, one small thing at a time: each time a mutant survives, or our own schema alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from properties_cases import EQUIVALENTS, MUTANTS
from sandboxes import changed, proved

from conformance import provocation
from conformance.model import literals, twins
from conformance.model.experiment import Plainly, Result
from conformance.properties import default, not_null, on_delete, one_of, trigger
from conformance.properties import type as type_law
from conformance.sandbox import Server
from conformance.sources import proving

Patch = Callable[[pytest.MonkeyPatch], None]


def put(target: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def mutant(id_: str, words: str) -> tuple[str, str, str]:
    return next(case for case in MUTANTS if case[:2] == (id_, words))


def equivalent(id_: str, words: str) -> tuple[str, str, str]:
    return next(case for case in EQUIVALENTS if case[:2] == (id_, words))


def only(cases: Any) -> Any:
    return lambda requirement, specimens: cases


def as_documented(self: object, experiment: object) -> Result:
    return Result(fate="as documented", observed="accepted")


SABOTAGES: dict[str, tuple[Patch, tuple[str, str, str]]] = {
    "nothing is tried": (put(proving.Rig, "tried", as_documented), mutant("0001/agents.name/not-null", "nullable")),
    "a refusal by a row is taken for an accident": (
        put(proving, "_BY_DATA", ()),
        ("0001/agents.name/not-null", "", ""),
    ),
    "deferred constraints are not made to speak": (
        put(proving, "_SPEAK", "SELECT 1"),
        equivalent("0015/agents.name/unique", "deferred"),
    ),
    "values next to the documented ones are not tried": (
        put(one_of, "cases", only([("insert", "nonsense")])),
        mutant("0008/agents.status/one-of", "any case"),
    ),
    "any default is as documented": (
        put(default, "_condition", lambda *_: "true"),
        mutant("0014/approval_requests.request_type/default", "another"),
    ),
    "an UPDATE to NULL is all that is tried": (
        put(not_null, "cases", only(["update"])),
        ("0001/agents.updated_at/not-null", "", "ALTER TABLE agents ALTER COLUMN updated_at DROP NOT NULL"),
    ),
    "integers have no boundaries": (
        put(type_law, "boundaries", lambda _: literals.Boundaries(taken=("0",))),
        mutant("0024/agents.priority/type", "smallint"),
    ),
    "one column is all that is changed": (
        put(trigger, "cases", only(["status"])),
        mutant("0008/agents.updated_at/trigger", "on one column"),
    ),
    "keys are never nearly the same": (
        put(twins, "cases", only(["same"])),
        mutant("0015/agents.name/unique", "in lower case"),
    ),
    "rows are never drawn": (
        put(provocation, "smallest", lambda look, *_: look(Plainly())),
        mutant("0001/agents/table", "a trigger that refuses some rows"),
    ),
    "columns that are looked at together are not tried together": (
        put(provocation, "asides", lambda *_: []),
        mutant("0008/agents.status/one-of", "unless another column says otherwise"),
    ),
    "a row that does not come is taken for one": (
        put(proving, "_nothing_came", lambda *_: False),
        mutant("0001/agents/table", "a rule"),
    ),
    "a restricted deletion is all the same": (
        put(on_delete, "_KEPT", ("cascade", "no action", "restrict")),
        ("0013/agent_documents.agent_id/on-delete", "", ""),
    ),
}


@pytest.mark.parametrize("words", SABOTAGES)
def test_a_sabotage_is_noticed(server: Server, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    patch, (id_, _, sql) = SABOTAGES[words]
    with changed(server, sql) as url:
        (whole,) = proved(url, [id_])
        patch(monkeypatch)
        (sabotaged,) = proved(url, [id_])
    assert whole.verdict in ("pass", "fail")
    assert sabotaged.verdict != whole.verdict
