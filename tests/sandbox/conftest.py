"""What the tests of the sandbox share: the kinds this machine has, a temporary folder, what is left."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conformance.errors import CannotEvaluate
from conformance.sandbox import KINDS, SandboxKind
from conformance.sandbox.binaries import embedded_binaries, local_binaries
from conformance.sandbox.container import IMAGE_VARIABLE, OWNER_LABEL


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Iterator[SandboxKind]:
    """Each kind of server; skipped, with the reason, where this machine lacks it."""
    if reason := _reason_to_lack(request.param):
        pytest.skip(f"{request.param}: {reason}")
    if request.param != "docker":
        yield request.param
        return
    import fcntl

    # Tests in parallel would take each other's containers for left ones.
    with Path(tempfile.gettempdir(), "conformance-docker-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield request.param


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that sandboxes of this process and its children are made in; any user may pass it."""
    folder = Path(tempfile.mkdtemp(prefix="cs-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def processes(base: Path) -> Callable[[], list[str]]:
    """Tells the processes of the sandboxes in `base`: each its number and its command line."""
    return lambda: _processes_of(base)


@pytest.fixture
def left(request: pytest.FixtureRequest, base: Path) -> Callable[[], list[str]]:
    """Tells what is left of the sandboxes: files in `base`, processes with a path in it, containers."""
    in_docker = "kind" in request.fixturenames and request.getfixturevalue("kind") == "docker"

    def look() -> list[str]:
        files = [str(path) for path in base.iterdir()]
        return files + _processes_of(base) + (_containers() if in_docker else [])

    return look


def _processes_of(folder: Path) -> list[str]:
    """The command lines of the processes that were started with a path in the folder."""
    if sys.platform == "linux":
        lines = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                lines.append(f"{process.name} " + (process / "cmdline").read_text(errors="replace"))
            except OSError:
                continue
    else:
        command = ["ps", "-Aww", "-o", "pid=,command="]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.replace("\0", " ").strip() for line in lines if str(folder) in line]


def _containers() -> list[str]:
    import docker

    found = docker.from_env().containers.list(all=True, filters={"label": OWNER_LABEL})
    return [container.id for container in found]


def _reason_to_lack(kind: SandboxKind) -> str | None:
    try:
        if kind == "embedded":
            embedded_binaries(None)
        elif kind == "local":
            local_binaries(None)
        else:
            return _reason_to_lack_docker()
    except CannotEvaluate as error:
        return str(error)
    return None


def _reason_to_lack_docker() -> str | None:
    try:
        import docker
        import testcontainers.community.postgres  # noqa: F401
    except ImportError as error:
        return f"testcontainers is not installed: {error}"
    try:
        client = docker.from_env()
    except docker.errors.DockerException as error:
        return f"no Docker daemon answers: {error}"
    image = os.environ.get(IMAGE_VARIABLE, "pgvector/pgvector:pg18")
    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        try:
            client.images.pull(image)
        except docker.errors.APIError as error:
            return f"the image {image} can't be had ({IMAGE_VARIABLE} names another): {error}"
    return None
