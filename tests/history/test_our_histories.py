"""Our own histories keep every law, on both majors."""

import pytest
from history.histories import by_id, replayed

from conformance.registry import history_laws


@pytest.mark.parametrize(("profile", "server_name"), [("documented", "server"), ("reference", "older_server")])
def test_ours_keep_every_law(profile: str, server_name: str, request: pytest.FixtureRequest) -> None:
    report = replayed(request.getfixturevalue(server_name), None, profile=profile, strict=True)
    verdicts = {id_: outcome.verdict for id_, outcome in by_id(report).items()}
    assert {id_: v for id_, v in verdicts.items() if v not in ("pass", "not-applicable")} == {}
    assert len(verdicts) == 28 * len(history_laws())
    assert report.exit_code == 0
    found = by_id(report)
    assert found["0015/deduplicates"].note == ""
    assert "events.actor_id" in found["0015/deduplicates"].observed
    assert found["0018/runs-again-later"].note.startswith("0023 takes away what it brings; behind 0028 it changes")
    assert found["0025/live-traffic"].note == "line 3: locks tasks, scans tasks"
    empty = {id_: outcome.note for id_, outcome in found.items() if id_.endswith("/keeps-rows") and outcome.note}
    assert empty == {}
