"""The published table of URLs is what the tool does today."""

import os
import runpy
from pathlib import Path

import pytest

WRITER = Path(__file__).with_name("compatibility.py")


def test_the_report_is_what_its_writer_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    written = runpy.run_path(str(WRITER))
    assert written["REPORT"].read_text(encoding="utf-8") == written["text"]()
    assert written["CANARY"] not in written["text"]()
