"""Every disagreement stands in the table of conflicts, and the profiles differ nowhere else."""

from fnmatch import fnmatchcase
from itertools import pairwise

import pytest
from judged import contract

from conformance.model.contract import Conflict, Requirement
from conformance.sources.contract import FOLDER
from conformance.sources.page import conflicts, page

CONFLICTS = {conflict.id: conflict for conflict in conflicts(FOLDER)}
DOCUMENTED = {r.id: r for r in contract("documented").requirements}
REFERENCE = {r.id: r for r in contract("reference").requirements}


def named(id_: str) -> set[str]:
    """The conflicts that name a requirement."""
    return {c.id for c in CONFLICTS.values() if any(fnmatchcase(id_, pattern) for pattern in c.requirements)}


def hosts(r: Requirement) -> set[str]:
    """The conflicts about the table or the columns that a requirement hangs on."""
    subjects = [(r.table, ()), *((r.table, (name,)) for name in r.columns)]
    return {
        conflict
        for host in DOCUMENTED.values()
        if host.claim in ("table", "column") and (host.table, host.columns) in subjects
        for conflict in named(host.id)
    }


def test_ids_count_up() -> None:
    assert list(CONFLICTS) == [f"C{number:02}" for number in range(1, len(CONFLICTS) + 1)]


@pytest.mark.parametrize("conflict", CONFLICTS.values(), ids=CONFLICTS)
def test_each_names_requirements_and_tells_both_sides(conflict: Conflict) -> None:
    for pattern in conflict.requirements:
        assert [id_ for id_ in DOCUMENTED | REFERENCE if fnmatchcase(id_, pattern)], pattern
    assert all((conflict.about, conflict.page, conflict.facts, conflict.decided, conflict.requirements))


def test_lines_that_a_conflict_cites_are_on_the_page() -> None:
    numbers = {line.number for line in page(FOLDER)}
    for conflict in CONFLICTS.values():
        words = conflict.page.replace(",", " ").replace(":", " ").replace("and", " ").split()
        cited = {int(word) for before, word in pairwise(words) if word.isdigit() and "line" in before}
        assert cited <= numbers
        assert cited or "silent" in conflict.page or "history" in conflict.page


def test_what_is_asked_differs_only_where_a_conflict_says_so() -> None:
    differing = {
        id_: named(id_)
        for id_, r in DOCUMENTED.items()
        if r.claim != "column" and (r.spec, r.since) != (REFERENCE[id_].spec, REFERENCE[id_].since)
    }
    assert differing == {
        "0018/agents.visibility/accepts": {"C04"},
        "0018/agents.visibility/one-of": {"C04"},
        "0024/agents.allowed_tools/type": {"C10"},
        "0024/agents.priority/type": {"C08"},
    }


def test_lifetimes_differ_only_where_multi_tenancy_lives_on() -> None:
    differing = [r for id_, r in DOCUMENTED.items() if id_ in REFERENCE and r.until != REFERENCE[id_].until]
    assert differing
    for r in differing:
        assert (r.id, r.since, r.until, REFERENCE[r.id].until) == (r.id, "0018", None, "0023")
        assert "C02" in hosts(r) | named(r.id), r.id


def test_both_end_what_the_page_does_not_mention() -> None:
    ended = {id_ for id_, r in DOCUMENTED.items() if r.until is not None}
    assert {id_ for id_ in ended if "C03" not in named(id_)} == {
        "0008/tasks.status/accepts",  # changed by 0025, in both
        "0008/tasks.status/one-of",
        "0019/slack_channel_bindings.org_id+slack_channel_id/index",  # they hang on the column
        "0019/slack_channel_bindings.org_id+slack_channel_id/unique",
        "0019/slack_user_mappings.org_id+slack_user_id/index",
        "0019/slack_user_mappings.org_id+slack_user_id/unique",
    }
    assert [id_ for id_ in ended if DOCUMENTED[id_].until != REFERENCE[id_].until] == []


def test_a_level_that_does_not_follow_from_the_source_has_a_reason() -> None:
    """The page makes a must, the facts a should; what departs from that is a conflict, or a mere list."""
    odd = {id_: r.level for id_, r in DOCUMENTED.items() if r.level != ("must" if "the page" in r.source else "should")}
    assert odd == {
        "0001/tasks.goal_id/nullable": "may",
        "0013/agent_documents.doc_type/one-of": "should",
        "0014/approval_requests.request_type/one-of": "should",
        "0018/agents.org_id/nullable": "may",
        "0018/agents.visibility/one-of": "should",
        "0024/tool_definitions.name+version/primary-key": "may",
    }
    assert {id_: sorted(named(id_) & {"C09", "C12", "C13"}) for id_, level in odd.items() if level == "may"} == {
        "0001/tasks.goal_id/nullable": ["C12"],
        "0018/agents.org_id/nullable": ["C13"],
        "0024/tool_definitions.name+version/primary-key": ["C09"],
    }


def test_what_only_the_page_has_is_may_in_reference() -> None:
    assert (REFERENCE["0016/chat_messages.metadata/column"].level, named("0016/chat_messages.metadata/column")) == (
        "may",
        {"C07"},
    )
    assert [id_ for id_ in DOCUMENTED if id_ not in REFERENCE] == []
