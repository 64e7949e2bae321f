"""Laws of the schema: one module a kind of claim, found by looking into this package.

A law declares `CLAIM` (the claim of the contract that it is a law of), `expected(requirement)` (what it asks for, in
words), `cases(requirement, specimens)` (a small domain, all of which is tried) and
`experiment(requirement, scribe, case)`, which writes one example down, or gives None for one that says nothing. What
may differ from one example to the next it asks of the scribe's choice, and so Hypothesis, which makes that choice, can
shrink it. A law of uniqueness has `race(requirement, scribe)` as well. A law is pure: it runs nothing.

Of indexes there is no law. An index changes nothing of what goes in, so that only a plan could be asked for; and a plan
passes what fails: with sequential scans off PostgreSQL 18 serves `b = …` from an index on `(a, b)` by a skip scan,
which its plan does not tell from a lookup, and it fails what passes, where a partial index is implied by a reason that
the planner does not see. What `conformance check` reads in the catalog is the whole truth of them.

`adapter` beside them says what an implementation offers, whose laws are in `conformance.conduct`.
"""
