"""The hazards of a migration: one module each, found by looking into this package.

A module's name begins with its code (`a001_…`). It declares `LEVEL` (error, warning or note) and `look(place)`, which
is pure and gives a `Hit` for each hazard. Its docstring is its documentation. Codes: A0 locks and rewrites, A1 loss, A2
compatibility, A3 running again and order, A4 what this platform asks, A5 safety, A9 the suppressions themselves.
"""
