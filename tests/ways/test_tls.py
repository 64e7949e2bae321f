"""Over TLS: what the URL asks for is what happens, and what cannot be verified or shown is told apart in words."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from encrypting import HOLDER, PLAIN, Encrypting, encrypting
from running import READER, SECRET, conformance, said

from conformance.run import audit, check

pytestmark = pytest.mark.tls

UNVERIFIED = "the server's TLS certificate could not be verified: "
STRANGE = UNVERIFIED + "it has expired, or no authority of sslrootcert has signed it"
ELSEWHERE = UNVERIFIED + "it is for a host of another name"
ROOTLESS = UNVERIFIED + "the file of authorities is missing or no such file; see sslrootcert"
NO_PLAIN = "the server does not admit this user from here without TLS; see sslmode, and its pg_hba.conf"


@pytest.fixture(scope="module")
def server_of_tls() -> Iterator[Encrypting]:
    with encrypting() as running:
        yield running


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What libpq reads of itself in ~/.postgresql is not there."""
    monkeypatch.setenv("HOME", str(tmp_path))


def test_it_is_encrypted(server_of_tls: Encrypting) -> None:
    with psycopg.connect(server_of_tls.url()) as session:
        assert session.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)


def asked(server: Encrypting, how: str) -> str:
    """The URL of a case: a host perhaps, and parameters in which `ours`, `theirs` and `nowhere` are root files."""
    host, _, query = how.rpartition(" ")
    files = {
        "ours": server.own.root,
        "theirs": server.other.root,
        "nowhere": "/nowhere/root.crt",
        "garbage": "/etc/passwd",
    }
    for name, file in files.items():
        query = query.replace(f"sslrootcert={name}", f"sslrootcert={file}")
    return server.url(query, host=host or "localhost")


JUDGED = [
    "", "sslmode=allow", "sslmode=prefer", "sslmode=require", "sslmode=require&sslrootcert=ours",
    "sslmode=verify-ca&sslrootcert=ours", "sslmode=verify-full&sslrootcert=ours", "127.0.0.1 sslmode=require",
    "127.0.0.1 sslmode=verify-ca&sslrootcert=ours", "sslmode=require&channel_binding=require",
    "sslmode=verify-full&sslrootcert=ours&channel_binding=require", "ssl=true", "sslmode=no-verify",
]  # fmt: skip
REFUSED = {
    "sslmode=disable": NO_PLAIN,
    "ssl=false": NO_PLAIN,
    "sslmode=verify-ca&sslrootcert=theirs": STRANGE,
    "sslmode=verify-full&sslrootcert=theirs": STRANGE,
    "sslmode=require&sslrootcert=theirs": STRANGE,
    "sslmode=verify-full&sslrootcert=system": STRANGE,
    "127.0.0.1 sslmode=verify-full&sslrootcert=ours": ELSEWHERE,
    "sslmode=verify-full&sslrootcert=nowhere": ROOTLESS,
    "sslmode=verify-ca&sslrootcert=garbage": ROOTLESS,
    "sslmode=verify-full": ROOTLESS,
}


@pytest.mark.parametrize("how", JUDGED)
def test_what_the_certificate_bears_out_is_judged(server_of_tls: Encrypting, how: str) -> None:
    assert check(asked(server_of_tls, how)).exit_code == 0


@pytest.mark.parametrize("how", REFUSED)
def test_what_it_does_not_is_refused(server_of_tls: Encrypting, how: str) -> None:
    assert REFUSED[how] in said(conformance("check", asked(server_of_tls, how)))


@pytest.mark.parametrize("command", ["audit", "snapshot"])
def test_every_command_says_so(server_of_tls: Encrypting, command: str) -> None:
    assert said(conformance(command, asked(server_of_tls, "sslmode=verify-full&sslrootcert=theirs"))).endswith(STRANGE)


def test_rows_are_read_over_it(server_of_tls: Encrypting) -> None:
    report = audit(asked(server_of_tls, "sslmode=verify-full&sslrootcert=ours"))
    assert (report.verdict, report.exit_code) == ("pass", 0)


def test_a_certificate_that_has_expired(server_of_tls: Encrypting) -> None:
    old = server_of_tls.own.sign("old", "localhost", host="localhost", dates="expired")
    with server_of_tls.showing(*old):
        assert said(conformance("check", asked(server_of_tls, "sslmode=verify-full&sslrootcert=ours"))).endswith(
            STRANGE
        )
        assert check(asked(server_of_tls, "sslmode=require")).exit_code == 0


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_server_without_tls(server_of_tls: Encrypting, mode: str) -> None:
    with server_of_tls.set_to(ssl="off"):
        text = said(conformance("check", asked(server_of_tls, f"sslmode={mode}&sslrootcert=ours")))
    assert text.endswith("the server has no TLS, which sslmode asks for")


def test_a_binding_to_the_channel_without_one(server_of_tls: Encrypting) -> None:
    """What an attacker in between would have to leave out."""
    plain = server_of_tls.url("sslmode=disable", user=f"{PLAIN}:{SECRET}")
    assert check(plain).exit_code == 0
    text = said(conformance("check", plain + "&channel_binding=require"))
    assert "does not authenticate in the way that require_auth or channel_binding asks for" in text


# --- client certificates

CLIENTS = {
    "missing": "the server asks for a client certificate; see sslcert and sslkey",
    "no file": "the server asks for a client certificate; see sslcert and sslkey",
    "of another user": "the client certificate is for another user; see sslcert",
    "of another authority": "does not accept the client certificate: it has expired, or another authority has signed it",
    "expired": "does not accept the client certificate: it has expired, or another authority has signed it",
    "without its key": "the client certificate cannot be used: see that sslcert and sslkey are there",
    "with another key": "the client certificate cannot be used: see that sslcert and sslkey are there",
    "with a key that anybody may read": "and that nobody else may read the key",
}


@pytest.fixture(scope="module")
def clients(server_of_tls: Encrypting) -> dict[str, str]:
    """URLs of the role that comes by its certificate."""
    own, other = server_of_tls.own, server_of_tls.other
    right, key = own.sign("holder", HOLDER)
    stranger, strange_key = own.sign("someone", "someone")
    foreign, foreign_key = other.sign("holder", HOLDER)
    old, old_key = own.sign("old_holder", HOLDER, dates="expired")
    _, open_key = own.sign("careless", HOLDER)
    open_key.write_bytes(key.read_bytes())
    open_key.chmod(0o644)
    files = {
        "right": (right, key), "missing": ("", ""), "no file": ("/nowhere/crt", key), "of another user": (stranger, strange_key),
        "of another authority": (foreign, foreign_key), "expired": (old, old_key), "without its key": (right, "/nowhere/key"),
        "with another key": (right, strange_key), "with a key that anybody may read": (right, open_key),
    }  # fmt: skip
    query = f"sslmode=verify-full&{server_of_tls.root()}"
    return {
        name: server_of_tls.url(f"{query}&sslcert={crt}&sslkey={own_key}" if crt else query, user=HOLDER)
        for name, (crt, own_key) in files.items()
    }


def test_the_right_client_certificate(clients: dict[str, str]) -> None:
    report = check(clients["right"])
    assert (report.exit_code, report.target.session_user) == (0, HOLDER)


@pytest.mark.parametrize("what", CLIENTS)
def test_a_client_certificate_that_is_not_right(clients: dict[str, str], what: str) -> None:
    assert CLIENTS[what] in said(conformance("check", clients[what]))


# --- drivers' spellings

SPELLINGS = {
    "jdbc:postgresql://localhost:{port}/astra?user={user}&password={secret}&ssl=true&sslrootcert={root}": "sslmode=verify-full",
    "jdbc:postgresql://localhost:{port}/astra?user={user}&password={secret}&sslmode=require": None,
    "jdbc:postgresql://127.0.0.1:{port}/astra?user={user}&password={secret}&ssl=true&sslrootcert={root}": ELSEWHERE,
    "jdbc:postgresql://localhost:{port}/astra?user={user}&password={secret}&ssl=true": ROOTLESS,
    "postgresql+asyncpg://{user}:{secret}@localhost:{port}/astra?ssl=require": "sslmode=require, which does not verify",
    "postgresql+asyncpg://{user}:{secret}@localhost:{port}/astra?ssl=verify-full&sslrootcert={other}": STRANGE,
    "postgresql+psycopg://{user}:{secret}@localhost:{port}/astra?sslmode=verify-full&sslrootcert={root}": None,
    "postgresql://{user}:{secret}@localhost:{port}/astra?sslmode=require&sslaccept=strict&sslrootcert={root}": "sslmode=verify-full",
    "postgresql://{user}:{secret}@127.0.0.1:{port}/astra?sslmode=require&sslaccept=strict&sslrootcert={root}": ELSEWHERE,
    "postgres://{user}:{secret}@localhost:{port}/astra?sslmode=no-verify": "sslmode=require, which does not verify",
}


@pytest.mark.parametrize("url", SPELLINGS)
def test_a_drivers_spelling_is_honoured(server_of_tls: Encrypting, url: str) -> None:
    """Judged, with what was made of it; or refused, as the driver would."""
    of = server_of_tls
    values = {"port": of.port, "user": READER, "secret": SECRET, "root": of.own.root, "other": of.other.root}
    ran, words = conformance("check", url.format(**values)), SPELLINGS[url]
    if words is not None and words.startswith(UNVERIFIED):
        assert words in said(ran)
        return
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ("was taken as" in ran.stdout) == (words is not None)
    assert (words or "conforms") in " ".join(ran.stdout.split())
