"""What statements of DDL make of a schema: pure functions from a working schema and a statement to the next schema.

The DDL is read by small readers of ours, a module a family of statements. What they don't know they refuse, by raising
`NotUnderstood`: whoever folds says so, and what the statement could touch is then not judged.
"""
