"""A throw-away server in a container of the local Docker daemon, through testcontainers."""

import importlib
import os
import secrets
import warnings
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from conformance.errors import CannotEvaluate
from conformance.sandbox.owner import owner_from_json, this_process
from conformance.sandbox.programs import SETTINGS
from conformance.sandbox.server import Server, ask

if TYPE_CHECKING:
    from testcontainers.community.postgres import PostgresContainer

IMAGE_VARIABLE = "CONFORMANCE_SANDBOX_IMAGE"
OWNER_LABEL = "conformance-sandbox.owner"
_NEWEST_MAJOR = 18
_READY = "database system is ready to accept connections"
_LOG_LINES = 5
_REMEDY = "start Docker and pip install 'astra-conformance[docker]'"


def start_container(stack: ExitStack, major: int | None, image: str | None = None) -> Server:
    """A server in a fresh container; closing the stack removes it. Raises CannotEvaluate if it can't be had.

    The image is the one given, $CONFORMANCE_SANDBOX_IMAGE, or one of the asked major version that holds pgvector.
    """
    image = image or os.environ.get(IMAGE_VARIABLE) or f"pgvector/pgvector:pg{major or _NEWEST_MAJOR}"
    try:
        import testcontainers.community.postgres  # noqa: F401

        docker_error: type[Exception] = importlib.import_module("docker.errors").DockerException
    except ImportError as error:
        raise CannotEvaluate(f"testcontainers is not installed ({_REMEDY})") from error
    try:
        server = _started(stack, image, docker_error)
    except (docker_error, OSError, RuntimeError, StopIteration) as error:
        said = " ".join(str(error).split())
        raise CannotEvaluate(f"no container of {image} can be had: {said} ({_REMEDY})") from error
    if major is not None and server.version.partition(".")[0] != str(major):
        raise CannotEvaluate(f"the image {image} holds PostgreSQL {server.version}, not {major}")
    return server


def _started(stack: ExitStack, image: str, docker_error: type[Exception]) -> Server:
    from testcontainers.community.postgres import PostgresContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    postgres = PostgresContainer(
        image,
        username="postgres",
        password=secrets.token_hex(16),
        dbname="postgres",
        driver=None,
        command=["postgres", *(word for setting in SETTINGS for word in ("-c", setting))],
        env={"POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C --no-sync"},
        labels={OWNER_LABEL: this_process().to_json()},
    )
    # Unlike testcontainers' own check, which comes after it, this one notices that a container has ended.
    postgres.waiting_for(LogMessageWaitStrategy(_READY).with_poll_interval(0.1))
    _sweep(postgres.get_docker_client().client, docker_error)
    stack.callback(_remove, postgres, docker_error)
    try:
        postgres.start()
    except (TimeoutError, RuntimeError) as error:
        lines = b"\n".join(postgres.get_logs()).decode(errors="replace").split("\n")
        said = " | ".join([line for line in lines if line.strip()][-_LOG_LINES:])
        raise CannotEvaluate(f"PostgreSQL in a container of {image} did not start: {said}") from error
    url = postgres.get_connection_url()
    answer = ask(url, lambda cursor: cursor.execute("SHOW server_version").fetchall())
    return Server(kind="docker", version=str(answer[0][0]).split()[0], url=url)


def _remove(postgres: "PostgresContainer", docker_error: type[Exception]) -> None:
    try:
        postgres.stop()
    except (docker_error, OSError) as error:
        # Not worth the run's result: the next run sweeps it.
        warnings.warn(f"a container of {postgres.image} could not be removed: {error}", RuntimeWarning, stacklevel=2)


def _sweep(client: Any, docker_error: type[Exception]) -> None:
    """Remove the containers of runs that were killed; another run may be doing the same."""
    for found in client.containers.list(all=True, filters={"label": OWNER_LABEL}, ignore_removed=True):
        owner = owner_from_json(found.labels[OWNER_LABEL])
        if owner is not None and owner.is_gone():
            with suppress(docker_error):
                found.remove(force=True, v=True)
