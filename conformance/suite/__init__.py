"""The pytest face: `pytest --pyargs conformance.suite --database-url URL -m "must and migration_0028"`.

Every requirement is a test, and every invariant of the rows, found without touching the database; all of them judge one
look at it, also under `pytest -n 4`. Rows are read only where a test of an invariant may run: `--pyargs
conformance.suite.test_structure` and `-m "not invariant"` (under xdist the former alone) leave them alone. The same
requirement has the same id and the same verdict as on the command line and in Python:

| verdict | in pytest |
| --- | --- |
| `pass` | passed |
| `fail` | a `must` or a `should` failed, a `may` xfailed with the finding as its reason; `-m must` chooses a level |
| `waived` | xfailed; what a waiver names and what passes is failed, so that waivers go when they are needed no more |
| `not-applicable` | skipped |
| `indeterminate` | error |

The laws of behaviour (`conformance.suite.test_behaviour`: `prove`, of `--migrations` or of the URL's schema, rebuilt)
and of a history (`conformance.suite.test_history`: `replay`) are tests as well. They are asked for by name, or are part
of the whole suite beside `--migrations`; those of an implementation (`conformance.suite.test_conduct`) beside
`--adapter`. `--examples`, `--conformance-effort` and `--seed` say how much is tried.

Markers: the level (`must`, `should`, `may`), the migration (`migration_0028`), the kind of claim, spelled with `_`
(`unique`, `foreign_key`, `one_of`, `not_null`, `primary_key`, `invariant`), the table behind `table_` (`table_agents`),
and `conformance` for all; `pytest --pyargs conformance.suite --markers` lists them. The configuration of the command
line counts here too, and `--conformance-profile` and its like win over it.

The exit code is pytest's, save that it is 3 where the database could not be looked at or nothing was examined. With
`-o junit_family=xunit1` each test case carries its evidence as properties, for which `xunit2` has no place.
"""
