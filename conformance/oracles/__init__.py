"""Oracles: what the documentation says is there after a history of calls, in plain Python and without any SQL."""
