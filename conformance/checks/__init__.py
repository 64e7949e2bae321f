"""The structure plane: one module for each kind of claim.

A module declares `KIND`, `CLAIMS` (for each claim that it judges, the shape of what a contract says of it) and three
functions: `expected(requirement)`, `judge(requirement, table, scene)` and `repair(requirement, table)`, SQL that
mends the table as it is (None where it is not there), or a comment that says why there is none. It may declare
`questions(requirement, table, scene)`, what it needs to ask of the server; `AFTER`, the claim on the same subject that
each of its claims stands on; and `SEEN_THROUGH_VIEWS`, that it can be judged where a view stands in a table's place.
Its docstring is its documentation.
"""
