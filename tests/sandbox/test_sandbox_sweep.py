"""The sweep removes what dead runs left, and nothing else."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.sandbox import processes
from conformance.sandbox.owner import Owner, owner_from_json, this_process
from conformance.sandbox.sweep import sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and users of POSIX")

DEAD = replace(this_process(), started="before this process began")


def leave(base: Path, owner: Owner | str | None, name: str = "x") -> Path:
    """A sandbox's folder as a killed run leaves it."""
    folder = base / f"conformance-sandbox-{name}"
    (folder / "data" / "base").mkdir(parents=True)
    (folder / "data" / "base" / "1").write_text("rows")
    if owner is not None:
        (folder / "owner").write_text(owner if isinstance(owner, str) else owner.to_json())
    return folder


def make_old(folder: Path) -> None:
    hour_ago = time.time() - 3600
    os.utime(folder, (hour_ago, hour_ago))


def test_an_owner_survives_writing() -> None:
    assert owner_from_json(this_process().to_json()) == this_process()
    assert not this_process().is_gone()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "started": "", "place": ""}'])
def test_other_text_is_no_owner(text: str) -> None:
    assert owner_from_json(text) is None


def test_a_number_that_another_process_has_now_is_no_owner(base: Path) -> None:
    abandoned = leave(base, DEAD)
    sweep([base])
    assert not abandoned.exists()


def test_a_zombie_is_no_owner(base: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        started = processes.started(process.pid)
        assert started is not None
        abandoned = leave(base, replace(DEAD, pid=process.pid, started=started))
        sweep([base])
        assert abandoned.exists()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        sweep([base])
        assert not abandoned.exists()


def test_what_may_still_be_in_use_stays(base: Path) -> None:
    make_old(living := leave(base, this_process(), "living"))
    make_old(elsewhere := leave(base, replace(DEAD, place="another machine"), "elsewhere"))
    being_made = leave(base, None, "being-made")
    stranger = base / "conformance-other"
    stranger.mkdir()
    link = base / "conformance-sandbox-link"
    link.symlink_to(stranger)
    sweep([base])
    assert {living, elsewhere, being_made, stranger, link} == set(base.iterdir())


@pytest.mark.parametrize("owner", [None, "", '{"pid": 12'])
def test_what_never_got_an_owner_goes_when_it_is_old(owner: str | None, base: Path) -> None:
    make_old(leave(base, owner))
    sweep([base])
    assert list(base.iterdir()) == []


def test_a_process_that_is_not_that_directorys_server_is_not_stopped(base: Path) -> None:
    abandoned = leave(base, DEAD)
    with subprocess.Popen(["sleep", "60"]) as process:
        (abandoned / "data" / "postmaster.pid").write_text(f"{process.pid}\n/elsewhere\n")
        sweep([base])
        assert process.poll() is None
        process.kill()
    assert not abandoned.exists()


def test_a_pipe_in_place_of_the_owner_file_does_not_hold_us_up(base: Path) -> None:
    abandoned = leave(base, None)
    os.mkfifo(abandoned / "owner")
    sweep([base])
    assert abandoned.exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may remove others' folders")
def test_root_sweeps_what_other_users_left(base: Path) -> None:
    abandoned = leave(base, DEAD)
    os.chown(abandoned, 65534, 65534)
    sweep([base])
    assert not abandoned.exists()


def test_many_sweep_at_once(base: Path) -> None:
    for number in range(150):
        leave(base, DEAD, str(number))
    program = """
import sys, pathlib
from conformance.sandbox.sweep import sweep
sweep([pathlib.Path(sys.argv[1])])
"""
    sweepers = [
        subprocess.Popen([sys.executable, "-c", program, base], stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert [sweeper.communicate()[1] for sweeper in sweepers] == [""] * 6
    sweep([base])
    assert list(base.iterdir()) == []
