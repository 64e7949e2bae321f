"""The laws of a history of migrations: one module each, found by looking into this package.

A module declares `LAW` (the last part of its ids), `LEVEL`, `EXPECTED`, `ASKS` (what has to be looked at for it) and
`judge(seen)`, which is pure. Its docstring is its documentation.
"""
