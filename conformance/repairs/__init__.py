"""What mends each kind of claim, found by its `KIND`.

`mend(requirement, site)` writes down the statements that mend a requirement which is departed from, or why they are
left out. It is pure, and runs on live data: what
would lose data, rewrite a table under a lock, or needs a decision is left out.
"""
