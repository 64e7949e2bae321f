"""A server that speaks TLS."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import majors
import psycopg
import pytest
from certificates import Authority
from owning import Cluster
from running import READER, SECRET, handed_over

from conformance.errors import CannotEvaluate
from conformance.fixtures_of import fill, migrations
from conformance.sources.throwaway import apply

HOLDER = "way_holder"
PLAIN = "way_plain"
_HBA = f"""
local all postgres trust
hostssl all {HOLDER} 127.0.0.1/32 cert
hostssl all {READER} 127.0.0.1/32 scram-sha-256
host all {PLAIN} 127.0.0.1/32 scram-sha-256
"""


class Encrypting:
    """One that runs. `own` is the authority that it trusts and that has signed it, as `localhost`; `other` is not."""

    def __init__(self, port: int, folder: Path, own: Authority, other: Authority) -> None:
        self.port, self.own, self.other, self._folder = port, own, other, folder
        self.admin = f"postgresql://postgres@/postgres?host={quote(str(folder / 's'))}&port={port}"

    def url(self, query: str = "", *, host: str = "localhost", user: str = f"{READER}:{SECRET}") -> str:
        """The URL of the filled database over TCP."""
        return f"postgresql://{user}@{host}:{self.port}/astra{'?' if query else ''}{query}"

    def root(self, authority: Authority | None = None) -> str:
        """A parameter that names an authority's certificate, the server's own by default."""
        return f"sslrootcert={(authority or self.own).root}"

    @contextmanager
    def showing(self, certificate: Path, key: Path) -> Iterator[None]:
        """The server shows another certificate as long as the context lasts."""
        shown = [
            handed_over(Path(shutil.copy(path, self._folder / f"shown-{path.name}"))) for path in (certificate, key)
        ]
        with self.set_to(ssl_cert_file=shown[0], ssl_key_file=shown[1]):
            yield

    @contextmanager
    def set_to(self, **settings: object) -> Iterator[None]:
        """The server has other settings as long as the context lasts."""
        with psycopg.connect(self.admin, autocommit=True) as admin:
            for name, value in settings.items():
                admin.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            admin.execute("SELECT pg_reload_conf()")
            try:
                yield
            finally:
                admin.execute("ALTER SYSTEM RESET ALL")
                admin.execute("SELECT pg_reload_conf()")


@contextmanager
def encrypting() -> Iterator[Encrypting]:
    """Skips the test where there is no such server."""
    try:
        programs = majors.programs(18) / "bin"
    except CannotEvaluate as error:
        pytest.skip(f"no server that has TLS: {error}")
    with ExitStack() as stack:
        cluster = Cluster(stack, programs).filled()
        folder, port = cluster.folder, cluster.port
        own, other = Authority(folder / "own", "ours"), Authority(folder / "other", "not ours")
        certificate, key = own.sign("server", "localhost", host="localhost")
        hba = folder / "hba"
        hba.write_text(_HBA)
        files = {"ssl_cert_file": certificate, "ssl_key_file": key, "ssl_ca_file": own.root, "hba_file": hba}
        shown = {name: handed_over(Path(shutil.copy(path, folder / f"{name}.own"))) for name, path in files.items()}
        cluster.set_to({"ssl": "on", **shown})
        cluster.start(listen_addresses="127.0.0.1")
        running = Encrypting(port, folder, own, other)
        with psycopg.connect(running.admin, autocommit=True) as admin:
            admin.execute("CREATE DATABASE astra")
        astra = running.admin.replace("/postgres?", "/astra?")
        apply(astra, migrations("documented", "0028"))
        fill(astra, "0028")
        with psycopg.connect(astra, autocommit=True) as admin:
            for role in (READER, HOLDER, PLAIN):
                admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'".encode())
                admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}".encode())
        yield running
