"""A collation that folds makes more values equal: uniqueness by it is kept, and said."""

import psycopg
import pytest
from judged import Bench

NAME = "0015/agents.name/unique"
FOLDED = "ALTER TABLE agents ALTER name TYPE text COLLATE folding;"
MARKED = f"""
CREATE COLLATION folding FROM "C";
{FOLDED}
UPDATE pg_collation SET collisdeterministic = false WHERE collname = 'folding';
"""


def test_a_folding_collation_is_noted(bench: Bench) -> None:
    outcome = bench.outcome(MARKED, NAME)
    assert outcome.verdict == "pass"
    assert outcome.note == "name by the folding collation public.folding: more values are equal"


def test_a_folding_collation_of_icu(bench: Bench) -> None:
    """The same with a real one; the embedded wheel is built without ICU."""
    create = "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
    with psycopg.connect(bench.url) as connection:
        try:
            connection.execute(create.encode())
        except psycopg.Error as error:
            pytest.skip(f"this server has no ICU: {error}")
        finally:
            connection.rollback()
    outcome = bench.outcome(create + FOLDED, NAME)
    assert (outcome.verdict, "folding" in outcome.note) == ("pass", True)


def test_values_under_an_owners_collation_are_not_decided(bench: Bench) -> None:
    """What the strings are equal to is the collation's to say."""
    script = MARKED.replace("agents ALTER name", "agent_documents ALTER doc_type")
    for claim in ("accepts", "one-of"):
        outcome = bench.outcome(script, f"0013/agent_documents.doc_type/{claim}")
        assert (outcome.verdict, "collation public.folding" in outcome.note) == ("indeterminate", True)
