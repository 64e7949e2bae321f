"""The laws of an implementation: one module an area, found by looking into this package.

A module holds its `Law`s, each with its documentation, and a `model`: what the documentation says is there after a
history of calls, in plain Python, independent of any SQL. It is pure: what drives an implementation is elsewhere.
"""
