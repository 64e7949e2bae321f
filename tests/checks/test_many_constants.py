"""A set of values of which not every constant is tried is never taken for the documented one."""

from judged import Bench

CLAIM = "0013/agent_documents.doc_type/one-of"


def test_a_surplus_value_behind_very_many_is_no_pass(bench: Bench) -> None:
    """Behind a thousand constants that another guard refuses, one value more gets in."""
    many = ", ".join(f"'v{number}'" for number in range(1200))
    wide = f"CHECK (doc_type IN ({many}, 'rule', 'skill', 'context_doc', 'reference', 'surplus'))"
    narrow = "CHECK (doc_type !~ '^v[0-9]+$')"
    script = (
        "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type,"
        f" ADD CONSTRAINT wide {wide}, ADD CONSTRAINT narrow {narrow}"
    )
    assert bench.outcome(script, CLAIM).verdict != "pass"
