"""Sets of values and conditions over columns that hold no strings: a third party may ask for them."""

from pathlib import Path

import pytest
from judged import Bench, contract

SUMS = contract("documented", Path(__file__).parents[2] / "fixtures" / "contracts" / "numbers.toml")
VALUES = "sums/0028/goals.priority"
ROWS = "sums/0028/goals.cascade_id+priority/check"


@pytest.mark.parametrize(
    ("condition", "accepts", "one_of", "says"),
    [
        ("true", "pass", "fail", "'0' is accepted"),
        ("priority IN (1, 2, 3)", "pass", "pass", ""),
        ("priority = 1 OR priority = 2 OR priority = 3", "pass", "pass", ""),
        ("priority IN (1, 2, 3, 77)", "pass", "fail", "'77' is accepted"),
        ("priority IN (1, 2)", "fail", "fail", "'3' is refused"),
        ("priority IN (1, 2, 3) OR priority > 500", "pass", "fail", "is accepted"),
        ("priority BETWEEN 1 AND 3", "pass", "indeterminate", "cannot be listed"),
        ("priority IN (1, 2, 3) OR priority = 3600 * 24", "pass", "indeterminate", "cannot be listed"),
        ("priority IN (1, 2, 3, NULL)", "pass", "fail", "'0' is accepted"),
    ],
)
def test_a_set_of_numbers(bench: Bench, condition: str, accepts: str, one_of: str, says: str) -> None:
    outcomes = bench.outcomes(f"ALTER TABLE goals ADD CHECK ({condition})", SUMS)
    assert outcomes[f"{VALUES}/accepts"].verdict == accepts
    outcome = outcomes[f"{VALUES}/one-of"]
    assert (outcome.verdict, says in outcome.note) == (one_of, True), outcome.note


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("priority < 9", "pass"),
        ("cascade_id IS NOT NULL OR priority = 1", "pass"),
        ("cascade_id = '7b1e0000-0000-4000-8000-000000000009'", "fail"),  # which is NULL, and no departure, without one
        ("priority > 9", "fail"),
        ("cascade_id IS NULL", "fail"),
    ],
)
def test_rows_of_other_types(bench: Bench, condition: str, verdict: str) -> None:
    assert bench.outcomes(f"ALTER TABLE goals ADD CHECK ({condition})", SUMS)[ROWS].verdict == verdict


def test_a_value_that_the_type_cannot_hold_is_refused(bench: Bench) -> None:
    script = "ALTER TABLE agent_documents DROP doc_type CASCADE, ADD doc_type boolean"
    outcome = bench.outcome(script, "0013/agent_documents.doc_type/accepts")
    assert (outcome.verdict, "is refused by type boolean" in outcome.note) == ("fail", True)
