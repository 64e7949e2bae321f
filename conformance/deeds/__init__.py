"""Reading what each statement of a migration does, for the lints: its verb, what it is done to, and the parts of it on
which a hazard hangs. What is written in a way that is not known here is read as far as its first words."""
