"""An engine is told by what it says of itself; PostgreSQL is none of them, whoever built it."""

import pytest

from conformance.model.engine import CITUS, engine

# What servers have answered to SELECT version().
SAID = {
    "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)": "CockroachDB",
    "CockroachDB OSS v21.2.5 (x86_64-unknown-linux-gnu, built 2022/02/07 21:04:05, go1.16.6)": "CockroachDB",
    "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.66954": "Redshift",
    "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.958 ": "Redshift",
    "PostgreSQL 11.2-YB-2.13.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 12.0.1 (https://github.com/yugabyte/llvm-project.git bdb147e675d8c87cee72cc1f87c4b82855977d94), 64-bit": "YugabyteDB",
    "PostgreSQL 11.2-YB-2.0.0.0-b0 on x86_64-pc-linux-gnu, compiled by gcc (Homebrew gcc 5.5.0_4) 5.5.0, 64-bit": "YugabyteDB",
    "PostgreSQL 18.6 (PGlite 0.5.14) on wasm32-unknown-emscripten, compiled by emcc (Emscripten gcc/clang-like replacement + linker emulating GNU ld) 6.0.5, 32-bit": "PGlite",
    "PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 10.2.1, 64-bit": None,
    "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit": None,
    "PostgreSQL 11.2 on x86_64-apple-darwin17.7.0, compiled by Apple LLVM version 10.0.0 (clang-1000.11.45.5), 64-bit": None,
}


@pytest.mark.parametrize("version", SAID)
def test_it_is_told_by_its_version(version: str) -> None:
    found = engine(version)
    assert (None if found is None else found.name) == SAID[version]


def test_citus_is_told_by_its_extension() -> None:
    plain = "PostgreSQL 16.2 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit"
    found = engine(plain, (CITUS,))
    assert found is not None
    assert (found.name, found.judged) == ("Citus", True)
    assert engine(plain, ()) is None


@pytest.mark.parametrize("version", [version for version, name in SAID.items() if name])
def test_what_is_not_examined_is_said(version: str) -> None:
    found = engine(version)
    assert found is not None
    assert found.judged == (found.name in ("YugabyteDB", "PGlite"))
    assert "examined" in found.words
