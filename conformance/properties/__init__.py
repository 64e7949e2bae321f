"""Laws of the schema: one module a kind of claim, found by looking into this package.

A law declares `CLAIM` (the claim of the contract that it is a law of), `expected(requirement)` (what it asks for, in
words), `cases(requirement, specimens)` (a small domain, all of which is tried) and
`experiment(requirement, scribe, case)`, which writes one example down, or gives None for one that says nothing. What
may differ from one example to the next it asks of the scribe's choice, and so Hypothesis, which makes that choice, can
shrink it. A law of uniqueness has `race(requirement, scribe)` as well. A law is pure: it runs nothing.

`adapter` beside them says what an implementation offers, whose laws are in `conformance.conduct`.
"""
