"""Which names look alike to a reader: one folding for all servers and locales."""

from __future__ import annotations

from unicodedata import normalize


def folded(name: str) -> str:
    """The name without case, width, Unicode form and all but single blanks inside."""
    if not name.isascii():
        name = normalize("NFKC", normalize("NFKC", name).casefold())
    return " ".join(name.casefold().split())
