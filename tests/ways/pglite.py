"""PGlite behind its own socket server, from npm's registry."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from running import folder_of_its_own, free_port, started

from conformance.fixtures_of import fill, migrations
from conformance.sources.throwaway import apply

SOCKET = "0.2.17"
PACKAGES = (
    "@electric-sql/pglite@0.5.14",
    f"@electric-sql/pglite-socket@{SOCKET}",
    "@electric-sql/pglite-pgvector@0.0.15",
)
_KEPT = Path(tempfile.gettempdir(), f"astra-conformance-pglite-{SOCKET}")


@contextmanager
def pglite_server() -> Iterator[str]:
    """The URL of one with our migrations and the small clean world. Skips the test where it cannot be had."""
    packages = _installed()
    with ExitStack() as stack:
        folder, port = stack.enter_context(folder_of_its_own()), free_port()
        extensions = "--extensions=@electric-sql/pglite-pgvector:vector,uuid_ossp,pgcrypto"
        server = [packages / ".bin/pglite-server", "--db=memory://", f"--port={port}", "--host=127.0.0.1"]
        process = started(stack, [*server, extensions, "--max-connections=4"], folder / "log")
        url = f"postgresql://postgres:postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        _wait(url, process, folder / "log")
        apply(url, migrations("documented", "0028"))
        fill(url, "0028")
        yield url


def _installed() -> Path:
    """The folder of its packages, made once a machine."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("PGlite comes from npm's registry, and there is no npm here")
    if not _KEPT.is_dir():
        with tempfile.TemporaryDirectory(prefix="pglite-") as name:
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", name, *PACKAGES]
            made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
            if made.returncode:
                pytest.skip(f"npm cannot bring PGlite: {made.stderr.strip()[-200:]}")
            Path(name).chmod(0o755)
            if not _KEPT.is_dir():
                shutil.copytree(name, _KEPT.with_suffix(".part"), symlinks=True, dirs_exist_ok=True)
                _KEPT.with_suffix(".part").rename(_KEPT)
    return _KEPT / "node_modules"


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return
    pytest.skip(f"PGlite does not answer: {log.read_text(errors='replace')[-300:]}")
