"""How libpq is to reach a server, where the connection is made without psycopg's own code around it.

psycopg resolves the names of hosts itself: its wrapper of libpq would hold up every thread of the process for as long
as a name server takes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from conformance.sources import opening
from conformance.sources.url import DatabaseUrl

if TYPE_CHECKING:
    from psycopg.pq import ConninfoOption

_HOST, _ADDRESS = b"host", b"hostaddr"
_WAY = (_HOST, _ADDRESS, b"port")


def conninfo(pq: Any, url: DatabaseUrl) -> bytes | None:
    """The connection string of keywords for one server; none for several, which psycopg tries in turn. Raises OSError
    where the name of the host is not known."""
    options = pq.Conninfo.parse(url.text.encode())
    given = {option.keyword: option.val for option in options if option.val is not None}
    way = {option.keyword: _meant(option) for option in options if option.keyword in _WAY}
    if any(b"," in value for value in way.values()):
        return None
    if _by_name(way[_HOST]) and not way[_ADDRESS]:
        addresses = _addresses(way[_HOST].decode())
        given |= {_HOST: b",".join([way[_HOST]] * len(addresses)), _ADDRESS: b",".join(addresses)}
    given |= {key.encode(): str(value).encode() for key, value in opening.CONNECTING.items()}
    return b" ".join(b"%s=%s" % (key, _quoted(value)) for key, value in given.items())


def _meant(option: ConninfoOption) -> bytes:
    """The value given, be it empty, or else the environment's."""
    if option.val is not None:
        return option.val
    return os.environ.get((option.envvar or b"").decode(), "").encode()


def _by_name(host: bytes) -> bool:
    """Whether it is the name of a host, and neither nothing nor the folder of a socket."""
    return bool(host) and not host.startswith(b"/") and host[1:2] != b":"


def _addresses(host: str) -> list[bytes]:
    import socket

    found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP, type=socket.SOCK_STREAM)
    return [str(address[0]).encode() for *_, address in found]


def _quoted(value: bytes) -> bytes:
    """A value of a connection string of keywords."""
    return b"'" + value.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'"
