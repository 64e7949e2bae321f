"""From requirements and a catalog to outcomes, without a server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.judge import asked_of, judge, questions_for
from conformance.model.catalog import Catalog, Check, Column, Expression, ForeignKey, Index, IndexKey, Table, Type
from conformance.model.contract import Level, Requirement
from conformance.model.outcome import Outcome
from conformance.model.question import Probe
from conformance.registry import checks

TEXT, INT = Type(declared="text", name="text"), Type(declared="integer", name="int4")


def required(
    subject: str, claim: str, level: Level = "must", since: str = "0001", until: str | None = None, **spec: Any
) -> Requirement:
    table, _, columns = subject.partition(".")
    kinds = {claim: check.KIND for check in checks().values() for claim in check.CLAIMS}
    return Requirement(
        id=f"{since}/{subject}/{claim}",
        claim=claim,
        kind=kinds[claim],
        level=level,
        source="the page, line 1",
        since=since,
        until=until,
        table=table,
        columns=tuple(columns.split("+")) if columns else (),
        spec=spec,
    )


def table(name: str = "things", /, **columns: Column) -> Table:
    return Table(schema="public", name=name, kind="r", owner="us", columns=columns)


def column(name: str, type_: Type = TEXT, not_null: bool = False, **more: Any) -> Column:
    return Column(name=name, type=type_, not_null=not_null, **more)


def catalog(*tables: Table, elsewhere: Mapping[str, tuple[str, ...]] | None = None) -> Catalog:
    return Catalog(tables={t.name: t for t in tables}, path=("public",), elsewhere=elsewhere or {})


def outcomes(found: Catalog, *requirements: Requirement, through: str = "0028") -> dict[str, Outcome]:
    return {o.requirement.id: o for o in judge(requirements, found, through)}


TABLE = required("things", "table")
NAME = required("things.name", "column")
KIND = replace(required("things.name", "type"), spec={"is": "text"})
FULL = required("things.name", "not-null")
KEY = required("things.name", "unique")


# --- what is missing ---


def test_a_missing_table_is_one_finding() -> None:
    found = outcomes(catalog(), TABLE, NAME, KIND, FULL, KEY)
    assert [o.verdict for o in found.values()] == ["fail"] * 5
    assert [o.because for o in found.values()] == [None, *[TABLE.id] * 4]
    assert [len(o.findings) for o in found.values()] == [1, 0, 0, 0, 0]
    assert {o.observed for o in found.values()} == {"no relation things on the search path (public)"}


def test_a_missing_column_is_one_finding() -> None:
    found = outcomes(catalog(table()), TABLE, NAME, KIND, FULL, KEY)
    assert [o.verdict for o in found.values()] == ["pass", *["fail"] * 4]
    assert [o.because for o in found.values()] == [None, None, *[NAME.id] * 3]
    assert found[NAME.id].observed == "no column name"


def test_the_order_of_the_requirements_does_not_matter() -> None:
    forwards = outcomes(catalog(), TABLE, NAME, KIND, FULL, KEY)
    backwards = outcomes(catalog(), KEY, FULL, KIND, NAME, TABLE)
    assert forwards == backwards
    assert list(backwards) == [r.id for r in (KEY, FULL, KIND, NAME, TABLE)]


def test_a_name_that_nearly_is_it_is_said() -> None:
    found = outcomes(catalog(table(Name_=column("Name_"))), TABLE, NAME)
    assert found[NAME.id].observed == "no column name; there is one called 'Name_'"


def test_a_copy_off_the_path_is_said() -> None:
    found = outcomes(catalog(elsewhere={"things": ("attic", "cellar")}), TABLE)
    assert "one is in attic, cellar, which is off it: --schema attic would look there" in found[TABLE.id].observed


@pytest.mark.parametrize(
    ("host", "guest", "verdict"),
    [
        ("must", "must", "fail"), ("must", "should", "fail"), ("must", "may", "fail"),
        ("should", "must", "not-applicable"), ("should", "should", "fail"), ("should", "may", "fail"),
        ("may", "must", "not-applicable"), ("may", "should", "not-applicable"), ("may", "may", "fail"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("missing", ["table", "column"])
def test_what_hangs_on_something_that_is_asked_for_less(missing: str, host: Level, guest: Level, verdict: str) -> None:
    """It cannot be asked of what need not be there."""
    if missing == "table":
        root, found = replace(TABLE, level=host), catalog()
    else:
        root, found = replace(NAME, level=host), catalog(table())
    outcome = outcomes(found, TABLE if missing == "column" else root, root, replace(KIND, level=guest))[KIND.id]
    assert (outcome.verdict, outcome.because, outcome.findings) == (verdict, root.id, ())
    if verdict == "not-applicable":
        assert outcome.note == f"{root.id}, which it hangs on, is only {host}"


def test_what_nothing_asks_for_is_a_finding_of_its_own() -> None:
    found = outcomes(catalog(), KIND)
    assert (found[KIND.id].verdict, found[KIND.id].because, len(found[KIND.id].findings)) == ("fail", None, 1)


def test_where_a_table_is_asked_for_twice_the_stronger_claim_is_the_root() -> None:
    weak = replace(TABLE, id="acme/0028/things/table", level="may", since="0028")
    for order in ((TABLE, weak, NAME), (weak, TABLE, NAME), (NAME, weak, TABLE)):
        found = outcomes(catalog(), *order)
        assert [found[r.id].because for r in (TABLE, weak, NAME)] == [None, TABLE.id, TABLE.id]
        assert [found[r.id].verdict for r in (TABLE, weak, NAME)] == ["fail"] * 3


# --- lifetimes ---


@pytest.mark.parametrize(
    ("since", "until", "through", "note"),
    [
        ("0013", None, "0012", "not there before 0013"),
        ("0013", None, "0013", None),
        ("0013", "0023", "0022", None),
        ("0013", "0023", "0023", "taken away by 0023"),
        ("0013", "0023", "0028", "taken away by 0023"),
        ("0028", None, "0028", None),
    ],
)
def test_a_requirement_is_judged_while_it_lives(since: str, until: str | None, through: str, note: str | None) -> None:
    requirement = replace(TABLE, since=since, until=until)
    outcome = outcomes(catalog(), requirement, through=through)[TABLE.id]
    if note is None:
        assert outcome.verdict == "fail"
    else:
        assert (outcome.verdict, outcome.note, outcome.observed, outcome.findings) == ("not-applicable", note, "", ())
        assert outcome.expected == "a table things"


def test_what_has_died_is_no_root() -> None:
    dead, alive = replace(TABLE, until="0020"), replace(NAME, since="0021")
    outcome = outcomes(catalog(), dead, alive)[NAME.id]
    assert (outcome.verdict, outcome.because) == ("fail", None)


def test_only_the_living_is_asked_of_the_server() -> None:
    values = required("things.name", "accepts", values=["x"], since="0010", until="0020")
    guarded = replace(
        table(name=column("name")),
        checks=(
            Check(
                name="c",
                expression=Expression(text="(name <> 'y'::text)", nodes=frozenset({"OPEXPR"}), volatility="i"),
                columns=("name",),
            ),
        ),
    )
    assert [len(questions_for([values], catalog(guarded), at)) for at in ("0009", "0010", "0019", "0020")] == [
        0,
        1,
        1,
        0,
    ]
    assert asked_of([values], "0020") == {}


# --- causes ---


def test_what_stands_on_a_failed_claim_fails_because_of_it() -> None:
    key, action = (
        required("things.owner", "foreign-key", references="people.id"),
        replace(required("things.owner", "on-delete"), spec={"is": "cascade"}),
    )
    found = outcomes(catalog(table(owner=column("owner", INT)), table("people", id=column("id", INT))), key, action)
    assert (found[key.id].verdict, found[key.id].because, len(found[key.id].findings)) == ("fail", None, 1)
    assert (found[action.id].verdict, found[action.id].because, found[action.id].findings) == ("fail", key.id, ())


def test_what_holds_although_its_ground_fails_is_no_pass() -> None:
    """A key that is not kept does nothing on delete, whatever is written there."""
    key, action = (
        required("things.owner", "foreign-key", references="people.id"),
        replace(required("things.owner", "on-delete"), spec={"is": "cascade"}),
    )
    idle = ForeignKey(
        name="k", columns=("owner",), target_schema="public", target="people", target_columns=("id",),
        on_delete="cascade", on_update="no action", triggers=4, asleep=4,
    )  # fmt: skip
    referring = replace(table(owner=column("owner", INT)), foreign_keys=(idle,))
    found = outcomes(catalog(referring, table("people", id=column("id", INT))), key, action)
    assert found[key.id].verdict == "fail"
    assert (found[action.id].verdict, found[action.id].because) == ("fail", key.id)


# --- views, fingerprints, evidence ---


@pytest.mark.parametrize("kind", ["v", "f", "m"])
def test_what_lies_behind_a_view_is_not_decided(kind: str) -> None:
    view = replace(table(name=column("name")), kind=kind, updatable=kind != "m")
    found = outcomes(catalog(view), TABLE, NAME, KIND, FULL, KEY)
    assert {id_: o.verdict for id_, o in found.items()} == {
        TABLE.id: "fail" if kind == "m" else "pass",
        NAME.id: "pass",
        KIND.id: "pass",
        FULL.id: "indeterminate",
        KEY.id: "indeterminate",
    }
    assert questions_for([required("things.name", "accepts", values=["x"])], catalog(view), "0028") == ()


def indexed(name: str, *columns: str, **more: Any) -> Index:
    keys = tuple(IndexKey(column=c, expression=None, opclass="text_ops") for c in columns)
    return Index(name=name, method="btree", keys=keys, unique=True, **more)


def test_a_fingerprint_tells_departures_apart_and_survives() -> None:
    def prints(found: Table) -> str:
        return outcomes(catalog(found), KEY)[KEY.id].findings[0].fingerprint

    one = replace(table(name=column("name")), indexes=(indexed("i", "name", valid=False),))
    other = replace(one, indexes=(indexed("i", "name", immediate=False),))
    moved = replace(one, schema="elsewhere", owner="them")
    assert prints(one) == prints(one) == prints(moved)
    assert prints(one) != prints(other)
    assert len({prints(one), prints(other), prints(table(name=column("name")))}) == 3


def test_a_pass_has_evidence() -> None:
    found = outcomes(catalog(table(name=column("name", not_null=True))), TABLE, NAME, KIND, FULL)
    for outcome in found.values():
        assert (outcome.verdict, outcome.findings, outcome.repair) == ("pass", (), None)
        assert outcome.evidence["examined"] > 0
        assert outcome.expected
        assert outcome.observed


def test_a_question_that_was_not_answered_is_no_verdict() -> None:
    """Neither for what accepts nor for what refuses, whether it was never asked or could not be answered."""
    guard = Check(
        name="c",
        expression=Expression(text="(name = 'x'::text)", nodes=frozenset({"OPEXPR", "VAR", "CONST"}), volatility="i"),
        columns=("name",),
    )
    guarded = replace(table(name=column("name")), checks=(guard,))
    values = [required("things.name", claim, values=["x"]) for claim in ("accepts", "one-of")]
    (asked,) = questions_for(values, catalog(guarded), "0028")
    assert isinstance(asked, Probe)
    assert {o.verdict for o in outcomes(catalog(guarded), *values).values()} == {"indeterminate"}
    unasked = replace(guarded, checks=(replace(guard, expression=replace(guard.expression, strangers=("evil()",))),))
    assert questions_for(values, catalog(unasked), "0028") == ()
    assert {o.verdict for o in outcomes(catalog(unasked), *values).values()} == {"indeterminate"}
