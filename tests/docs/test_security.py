"""Each promise of SECURITY.md names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROMISES = [
    row
    for row in re.findall(r"^\| (.+) \|$", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not row.startswith(("promise", "---"))
]


def test_there_are_promises() -> None:
    assert len(PROMISES) > 5


@pytest.mark.parametrize("row", PROMISES, ids=[row[:40] for row in PROMISES])
def test_a_promise_is_tested(row: str) -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", row.rpartition(" | ")[2])
    assert named
    for name in named:
        place = ROOT / name
        files = [place] if place.is_file() else sorted(place.rglob("test_*.py"))
        assert any("def test_" in file.read_text(encoding="utf-8") for file in files), name
