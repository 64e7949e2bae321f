"""The disk is full where the report goes, or nobody reads it: what was found keeps its code, and no half of a report is
taken for a whole one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from faulty import none_left

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX's")

CONFORMANCE = f'"{sys.executable}" -m conformance'
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


def shell(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, cwd=home, timeout=120)


@FULL
@pytest.mark.parametrize(
    "command",
    [
        "check '{url}' >/dev/full",
        "check '{url}' --format html -o /dev/full",
        "audit '{url}' --format sarif >/dev/full",
        "snapshot '{url}' -o /dev/full",
        "level '{url}' >/dev/full",
        "repair '{url}' >/dev/full",
    ],
)
def test_a_full_disk(ruined: str, command: str, tmp_path: Path) -> None:
    done = shell(f"{CONFORMANCE} {command.format(url=ruined)}", tmp_path)
    assert done.returncode == 3
    assert "could not be written: No space left on device" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert none_left(ruined)


@pytest.mark.parametrize("name", ["report.json", "report.html", "report.txt"])
def test_a_disk_that_fills_up(ruined: str, name: str, tmp_path: Path) -> None:
    """Neither a piece of the report is left, nor is an older one lost."""
    Path(tmp_path, name).write_text("older")
    done = shell(f"ulimit -f 8; {CONFORMANCE} check '{ruined}' -o {name}", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{name} could not be written: File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert Path(tmp_path, name).read_text() == "older"


@pytest.mark.skipif(getattr(os, "geteuid", int)() != 0, reason="only root may mount a file system")
def test_a_small_file_system(ruined: str, tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        done = shell(f"{CONFORMANCE} check '{ruined}' -o report.html", tmp_path)
        assert done.returncode == 3
        assert "report.html could not be written: No space left on device" in done.stderr
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", tmp_path], check=True)


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_nobody_reads_to_the_end(ruined: str, format_: str, tmp_path: Path) -> None:
    script = f"{CONFORMANCE} check '{ruined}' --format {format_} | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = shell(script, tmp_path)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
def test_nobody_reads_at_all(ruined: str, closing: str, tmp_path: Path) -> None:
    done = shell(f"{CONFORMANCE} check '{ruined}' {closing}; echo $? >code", tmp_path)
    assert Path(tmp_path, "code").read_text() == "1\n"
    assert "Traceback" not in done.stderr
