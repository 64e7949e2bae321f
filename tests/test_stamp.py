"""The time that a report says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conformance.errors import UsageError
from conformance.stamp import stamped

NOW = datetime(2026, 11, 30, 9, 8, 7, tzinfo=UTC)


def test_it_is_the_time_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert stamped(NOW, 1.5) == ("2026-11-30T09:08:07Z", 1.5)


def test_where_files_shall_not_differ_it_is_the_time_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert stamped(NOW, 1.5) == ("2026-01-01T00:00:00Z", 0.0)


@pytest.mark.parametrize("given", ["yesterday", "-1", "1.5", "9" * 30, "\x1b[31m"])
def test_what_is_no_time_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(UsageError, match=r"SOURCE_DATE_EPOCH is .* has to be a number of seconds since 1970") as caught:
        stamped(NOW)
    assert str(caught.value).isprintable()
