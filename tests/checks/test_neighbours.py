"""Where nothing but comparisons with constants decides, strings next to the values are left out: what is said of a set
must be the same as with all of them tried."""

import pytest
from judged import Bench
from test_meaning import CASES, OPEN_REQUEST, REQUEST, typed

from conformance.checks import one_of

BOTH = "request_type IN ('plan', 'risky_task')"
CHECKS = {
    "one value more": "request_type IN ('plan', 'risky_task', 'idea')",
    "the empty string more": "request_type IN ('plan', 'risky_task', '')",
    "one value fewer": "request_type IN ('plan')",
    "the NULL trap": "request_type IN ('plan', 'risky_task', NULL)",
    "all but one": "request_type <> 'idea'",
    "all but the empty string": "request_type <> ''",
    "all but the two smallest": r"request_type NOT IN ('', E'\n')",
    "nothing": "false",
    "anything": "true",
    "in lower case": "lower(request_type) IN ('plan', 'risky_task')",
    "without blanks": "btrim(request_type) IN ('plan', 'risky_task')",
    "padded": "request_type::bpchar IN ('plan', 'risky_task')",
    "padded, with a length": "request_type::char(10) IN ('plan', 'risky_task')",
    "padded in an array": "array_position('{plan,risky_task}'::bpchar[], request_type::bpchar) > 0",
    "padded in a CASE": "CASE request_type::bpchar WHEN 'plan' THEN true WHEN 'risky_task' THEN true ELSE false END",
    "padded in NULLIF": f"{BOTH} OR NULLIF(request_type::bpchar, 'plan') IS NULL",
    "in an array": "array_position('{plan,risky_task}', request_type) > 0",
    "cut off": "request_type::varchar(4) IN ('plan', 'risk')",
    "a pattern open at its end": "request_type ~ '^(plan|risky_task)'",
    "a pattern that any case matches": "request_type ~* '^(plan|risky_task)$'",
    "a pattern with a line feed": "request_type ~ '(?n)^(plan|risky_task)$'",
    "a LIKE with a joker": "request_type LIKE 'plan' OR request_type LIKE 'risky_task'",
    "the pattern on the other side": "'plan|risky_task' ~ request_type",
    "one that compares and one that does not": f"{BOTH} AND length(request_type) < 20",
    "one that compares, or does not": f"{BOTH} OR lower(request_type) = 'plan'",
    "another column excuses": f"{BOTH} OR approvals IS NULL",
}
MORE = {
    "two that compare": "ALTER TABLE approval_requests ADD CHECK (request_type <> 'plan')",
    "two, of which one folds": f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK (request_type <> 'idea'),"
    " ADD CHECK (lower(request_type) IN ('plan', 'risky_task'))",
    "one not valid": "ALTER TABLE approval_requests ADD CHECK (request_type <> 'idea') NOT VALID",
    "a lookup table beside a check": f"{OPEN_REQUEST} CREATE TABLE kinds (kind text PRIMARY KEY);"
    "INSERT INTO kinds VALUES ('plan'), ('risky_task'), ('Plan'); ALTER TABLE approval_requests"
    " ADD CHECK (request_type <> 'idea'), ADD FOREIGN KEY (request_type) REFERENCES kinds",
    "a length": typed("approval_requests", "request_type", f"varchar(10) CHECK ({BOTH})"),
    "blanks at the end": typed("approval_requests", "request_type", f"char(10) CHECK ({BOTH})"),
    "a name": typed("approval_requests", "request_type", f"name CHECK ({BOTH})"),
    "a domain that folds": "CREATE DOMAIN d AS text CHECK (lower(VALUE) IN ('plan', 'risky_task'));"
    + typed("approval_requests", "request_type", "d CHECK (request_type <> 'idea')"),
}
SCRIPTS = {
    **{name: f"{OPEN_REQUEST} ALTER TABLE approval_requests ADD CHECK ({check})" for name, check in CHECKS.items()},
    **MORE,
    **{f"{c.cell}: {c.name}": c.sql for c in CASES if c.requirement.startswith(f"{REQUEST}/") and c.oldest == 12},
}


@pytest.mark.parametrize("claim", ["accepts", "one-of"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_neighbours_change_nothing(name: str, claim: str, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    few = bench.outcome(SCRIPTS[name], f"{REQUEST}/{claim}")
    monkeypatch.setattr(one_of, "_compared_only", lambda *_: False)
    all_ = bench.outcome(SCRIPTS[name], f"{REQUEST}/{claim}")
    assert few.evidence["examined"] <= all_.evidence["examined"]
    assert (few.verdict, few.observed, few.note, few.findings) == (
        all_.verdict,
        all_.observed,
        all_.note,
        all_.findings,
    )


def test_a_padded_comparison_keeps_its_neighbours(bench: Bench) -> None:
    outcome = bench.outcome(SCRIPTS["padded"], f"{REQUEST}/one-of")
    assert (outcome.verdict, outcome.findings[0].witness) == ("fail", "plan ")
