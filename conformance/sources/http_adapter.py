"""An implementation behind HTTP, described in JSON: which request each operation is, and where its answer says an id.

    {
      "command": ["./service", "--port", "{port}"],
      "base_url": "http://127.0.0.1:{port}",
      "ready": "/health",
      "refused": [400, 403, 404, 409, 422],
      "operations": {
        "vote": {"method": "POST", "path": "/requests/{request}/votes",
                 "body": {"user_id": "{user}", "decision": "{decision}"}},
        "request_approval": {"path": "/goals/{goal}/requests", "body": {"required": "{required}"}, "gives": "data.id"}
      }
    }

Without `ready` the service is called once its port answers. It has to stand on the sandbox's database: `command` is
started with `DATABASE_URL` in its environment, or `connect` is a request that tells `{database_url}` to one that runs.
In `path` and `body`, `{name}` is an argument; a string that is nothing else keeps its type. `gives` is a path of keys
into the answer, `*` for each element of a list.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from conformance.errors import CannotEvaluate, UsageError
from conformance.properties.adapter import OPERATIONS, Conflict, Refused
from conformance.sources.gated import Gate, Harness
from conformance.sources.service import Service

REFUSED = (400, 403, 404, 409, 410, 422)
AGAIN = (503,)
_READY_S = 20.0
_TIMEOUT_S = 10
_MOST_BYTES = 4_000_000
_PART_BYTES = 65_536
_BLINK_S = 0.05
_KEYS: Mapping[str, tuple[type, ...]] = {
    "base_url": (str,),
    "command": (list,),
    "connect": (dict,),
    "ready": (str,),
    "headers": (dict,),
    "timeout": (int, float),
    "refused": (list,),
    "again": (list,),
    "operations": (dict,),
}
_REQUEST_KEYS: Mapping[str, tuple[type, ...]] = {
    "method": (str,),
    "path": (str,),
    "body": (dict, list, str),
    "gives": (str,),
    "refused": (list,),
}
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Without the proxy of the environment, which is for the world outside."""
_NAME = re.compile(r"\{(\w+)\}")


class _Failed(Exception):
    """The service answered with what is no answer."""


def read(path: Path) -> Http:
    """The description in a file. Raises `UsageError` with all that is wrong with it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from None
    if problems := list(_problems(found)):
        raise UsageError(f"{path} describes no implementation:\n  " + "\n  ".join(problems))
    return Http(str(path), found)


def _problems(found: Any) -> Iterator[str]:
    if not isinstance(found, dict):
        yield "it is no object"
        return
    yield from _shape("", found, _KEYS)
    if not isinstance(found.get("base_url"), str):
        yield "base_url: where the service is, such as http://127.0.0.1:8080"
    if not isinstance(found.get("operations"), dict) or not found["operations"]:
        yield "operations: an object with at least one operation"
        return
    if "command" not in found and "connect" not in found:
        yield "command or connect: how the service comes to stand on the sandbox's database"
    if isinstance(found.get("connect"), dict):
        yield from _shape("connect.", found["connect"], _REQUEST_KEYS)
    for name, request in found["operations"].items():
        if name not in OPERATIONS:
            yield f"operations.{name}: there is no such operation; there are {', '.join(OPERATIONS)}"
        elif not isinstance(request, dict) or "path" not in request:
            yield f"operations.{name}: an object with a path"
        else:
            yield from _shape(f"operations.{name}.", request, _REQUEST_KEYS)


def _shape(place: str, found: Mapping[str, Any], keys: Mapping[str, tuple[type, ...]]) -> Iterator[str]:
    for key, value in found.items():
        if key not in keys:
            yield f"{place}{key}: there is no such key; there are {', '.join(keys)}"
        elif not isinstance(value, keys[key]) or isinstance(value, bool):
            yield f"{place}{key}: it is to be {' or '.join(kind.__name__ for kind in keys[key])}"


class Http:
    """A described service; `port` is one that is free, where the description asks for it."""

    def __init__(self, words: str, described: Mapping[str, Any]) -> None:
        self._words = words
        self._described = described
        self._port = str(_free_port())
        self._gate: Gate | None = None

    @property
    def words(self) -> str:
        """What a user calls it."""
        return self._words

    @contextmanager
    def standing(self, url: str) -> Iterator[Http]:
        """The service on this database; one that we start ends with the context."""
        command = [str(part).replace("{port}", self._port) for part in self._described.get("command", ())]
        with ExitStack() as stack:
            self._gate = stack.enter_context(closing(Gate(url)))
            url = self._gate.url
            service = stack.enter_context(Service(command, url)) if command else None
            try:
                self._until_ready(service)
                if "connect" in self._described:
                    Requests(self._described, self._port).call(self._described["connect"], {"database_url": url})
            except (Refused, _Failed) as error:
                raise CannotEvaluate(f"the service did not take the database: {error}") from None
            yield self

    def _until_ready(self, service: Service | None) -> None:
        began = time.monotonic()
        while True:
            found = self._unready()
            if service is not None:
                service.alive()  # another may answer in its place
            if not found:
                return
            if time.monotonic() - began > _READY_S:
                raise CannotEvaluate(f"the service is not ready after {_READY_S:.0f} s: {found}")
            time.sleep(_BLINK_S)

    def _unready(self) -> str:
        """What the service lacks to be called, or ""."""
        requests = Requests(self._described, self._port)
        try:
            if "ready" in self._described:
                requests.call({"method": "GET", "path": self._described["ready"]}, {})
            else:
                requests.reach()
        except (Refused, _Failed, OSError) as error:
            return str(error)
        return ""

    def session(self, harness: Harness) -> Requests:
        """Calls over HTTP. What the service does for them in the database goes through the gate of all sessions."""
        harness.through = self._gate
        return Requests(self._described, self._port)


class Requests:
    """An adapter whose operations are requests."""

    def __init__(self, described: Mapping[str, Any], port: str) -> None:
        self._described = described
        self._base = str(described["base_url"]).replace("{port}", port).rstrip("/")

    def __getattr__(self, name: str) -> Any:
        request = self._described["operations"].get(name)
        if request is None:
            raise AttributeError(name)
        return lambda **arguments: self.call(request, arguments)

    def reach(self) -> None:
        """Raises `OSError` where nobody listens."""
        place = urlsplit(self._base)
        port = place.port or {"https": 443}.get(place.scheme, 80)
        socket.create_connection((place.hostname or "", port), timeout=1).close()

    def call(self, request: Mapping[str, Any], arguments: Mapping[str, Any]) -> Any:
        """What a request gives. Raises `Refused` for the statuses that mean it."""
        path = _NAME.sub(lambda found: quote(str(arguments.get(found[1], "")), safe=""), request["path"])
        body = json.dumps(_filled(request["body"], arguments)).encode() if "body" in request else None
        method = request.get("method", "POST" if body is not None else "GET")
        headers = {"Content-Type": "application/json", **self._described.get("headers", {})}
        sent = urllib.request.Request(self._base + path, data=body, method=method, headers=headers)  # noqa: S310
        try:
            status, text = _answered(sent, self._described.get("timeout", _TIMEOUT_S))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _Failed(f"{method} {path}: {error}") from None
        if 200 <= status < 300:
            return _picked(text, request["gives"]) if "gives" in request else None
        said = " ".join(text.split())[:200]
        if status in self._described.get("again", AGAIN):
            raise Conflict(f"{status} {said}")
        if status in request.get("refused", self._described.get("refused", REFUSED)):
            raise Refused(f"{status} {said}")
        raise _Failed(f"{method} {path} answers {status} {said}")


def _answered(sent: urllib.request.Request, patience: float) -> tuple[int, str]:
    """The status and the text of what is answered to a request."""
    until = time.monotonic() + patience
    try:
        answer = _DIRECT.open(sent, timeout=patience)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _text(error.fp, until)
    with answer:
        return answer.status, _text(answer, until)


def _text(answer: Any, until: float) -> str:
    """What an answer says. Raises `OSError` for one that is too long, does not end in time, or is cut off."""
    found = bytearray()
    while part := answer.read1(_PART_BYTES):
        found += part
        if len(found) > _MOST_BYTES:
            raise OSError(f"its answer is longer than {_MOST_BYTES:,} bytes")
        if time.monotonic() > until:
            raise OSError("its answer does not end in time")
    if answer.length:
        raise OSError("its answer is cut off")
    return found.decode("utf-8", "replace")


def _filled(template: Any, arguments: Mapping[str, Any]) -> Any:
    if isinstance(template, dict):
        return {key: _filled(value, arguments) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, arguments) for value in template]
    if not isinstance(template, str):
        return template
    if whole := _NAME.fullmatch(template):
        return arguments.get(whole[1])
    return _NAME.sub(lambda found: str(arguments.get(found[1], "")), template)


def _picked(text: str, path: str) -> Any:
    try:
        found: Any = json.loads(text)
        for place, key in enumerate(keys := [key for key in path.split(".") if key]):
            if key == "*":
                rest = ".".join(keys[place + 1 :])
                return [_picked(json.dumps(item), rest) for item in found]
            found = found[int(key)] if isinstance(found, list) else found[key]
    except (ValueError, KeyError, IndexError, TypeError):
        raise _Failed(f"the answer has no {path}: {text[:200]}") from None
    return found


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
