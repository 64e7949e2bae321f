"""What is answered without a server is what a server answers; the rest stays unanswered."""

import random

import pytest
from judged import conforming, contract, named

from conformance.defects import Mutant
from conformance.fold.evaluate import answers
from conformance.fold.function import Function
from conformance.fold.schema import Schema
from conformance.judge import questions_for
from conformance.model.question import Accepted, Constant, Homonyms, Keys, Probe, Text, Unanswered
from conformance.sandbox import Server
from conformance.selftest.matrix import defect_modules
from conformance.sources.workbench import Refused, Workbench

ASKING = ("one-of", "check", "default", "not-null", "index", "type")
MOST = 300


def test_answers_are_those_of_a_server(server: Server) -> None:
    over = contract()
    wanted = [r for r in over.requirements if r.kind in ASKING and r.alive("0028")]
    random.Random(0).shuffle(wanted)
    tried = answered = 0
    with Workbench(named(server, conforming(server))) as bench:
        with bench.changed("", over.tables()) as clean:
            assert not isinstance(clean, Refused)
            tables = clean.catalog.tables
        for requirement in wanted:
            module, table = defect_modules()[requirement.kind], tables[requirement.table]
            mutants: list[Mutant] = [*module.defects(requirement, table), *module.equivalents(requirement, table)]
            for mutant in mutants:
                with bench.changed(mutant.sql, [requirement.table]) as look:
                    if isinstance(look, Refused):
                        continue
                    asked = questions_for([requirement], look.catalog, "0028")
                    theirs = look.answered(asked).answers
                for question, ours in answers(Schema(), asked).items():
                    tried += 1
                    if not isinstance(ours, Unanswered) and not isinstance(question, Homonyms):
                        answered += 1
                        assert ours == theirs[question], (requirement.id, mutant.sql, question)
            if tried > MOST:
                break
    assert answered > tried / 2


def _one(expression: str, columns: tuple[tuple[str, str], ...], *rows: tuple[str | None, ...]) -> Accepted | Unanswered:
    probe = Probe(columns=columns, expressions=(expression,), rows=rows)
    return answers(Schema(), [probe])[probe]  # type: ignore[return-value]


TEXT = (("s", "pg_catalog.text"),)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(s = 'a'::text)", (True, False, True)),
        ("(s <> ALL (ARRAY['a'::text, NULL::text]))", (False, True, True)),
        ("(s = ANY (ARRAY['a'::text, 'c'::text]))", (True, False, True)),
        ("(NOT (s = 'a'::text))", (False, True, True)),
        ("(s IS NOT NULL)", (True, True, False)),
        ("((s = 'a'::text) OR (s IS NULL))", (True, False, True)),
        ("((s = 'a'::text) IS TRUE)", (True, False, False)),
        ("(s IS DISTINCT FROM 'a'::text)", (False, True, True)),
        ("(COALESCE(s, 'a'::text) = 'a'::text)", (True, False, True)),
        ("(s ~ '^[a-b]$'::text)", (True, True, True)),
        ("(length(s) > 1)", (False, False, True)),
        ("(s > 'a'::text)", None),
        ("(s ~ '(?i)a'::text)", None),
        ("strange(s)", None),
        ("(s = 'a'::text", None),
    ],
)
def test_three_valued_logic(expression: str, expected: tuple[bool, ...] | None) -> None:
    found = _one(expression, TEXT, ("a",), ("b",), (None,))
    if expected is None:
        assert isinstance(found, Unanswered)
        assert found.reason.startswith("there is no server to ask")
    else:
        assert found == Accepted(rows=expected)


def test_a_value_that_its_type_refuses_is_refused() -> None:
    assert _one("(n IS NULL) IS NOT NULL", (("n", "pg_catalog.int2"),), ("1",), ("40000",), ("x",)) == Accepted(
        rows=(True, False, False)
    )


def test_constants_and_what_nobody_knows() -> None:
    empty = Constant(expression="jsonb_build_object()", cast="pg_catalog.jsonb")
    moment = Constant(expression="now()", cast="pg_catalog.timestamptz")
    keys = Keys(schema="public", table="t", column="c")
    found = answers(Schema(), [empty, moment, keys])
    assert found[empty] == Text(values=("{}",))
    assert isinstance(found[moment], Unanswered)
    assert isinstance(found[keys], Unanswered)


def test_functions_of_the_same_name_are_those_of_the_migrations() -> None:
    own = Function(number=1, schema="public", name="now", signature="", language="sql", body="SELECT 1")
    asked = Homonyms(name="now")
    assert answers(Schema(functions=(own,)), [asked])[asked] == Text(values=("public",))
    assert answers(Schema(), [asked])[asked] == Text(values=())
