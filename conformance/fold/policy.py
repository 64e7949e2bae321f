"""A policy of row security, and what is known of it."""

from __future__ import annotations

from conformance.model.record import Record


class Policy(Record):
    """A policy of row security; `mentions` has the words of its conditions."""

    name: str
    mentions: frozenset[str]
