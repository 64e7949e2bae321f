"""What an owner's code can do, or has done, with the rights of the session that looks."""

from __future__ import annotations

from collections.abc import Iterator


def dangers(user: str, *, superuser: bool, outside: bool, logins: int) -> Iterator[str]:
    """Sentences about a session of `user`, who may run programs or use files `outside` of the database, or may all;
    `logins` is how many login triggers are enabled."""
    if outside and not superuser:
        yield (
            f"{user} may run programs or use files on the server, which is more than a look needs:"
            " look as a role that may not"
        )
    if logins:
        ran = "a login trigger, which ran its" if logins == 1 else f"{logins} login triggers, which ran their"
        yield f"the database has {ran} owner's code as {user} before anything was looked at"
