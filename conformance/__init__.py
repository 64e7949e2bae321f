"""A conformance suite and linter for the database schema of Astra.

`check(url)` judges a live database's structure against the documented contract and gives a `Report`; `audit(url)`
judges its rows as well; `repair(source)` gives a script that mends one; `level(url)` says which migration one has
reached; `prove()` provokes a schema in a sandbox, `prove_adapter(spec)` an implementation; `replay(folder)` runs a
folder of migrations in every way that they may be run; `lint(paths)` judges what migrations build from their text;
`snapshot(url)` takes a structure away as text, which `check`, `prove` and `repair` read from a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.adapting import prove_adapter as prove_adapter
    from conformance.levelling import level as level
    from conformance.linting import lint as lint
    from conformance.proving import prove as prove
    from conformance.repairing import repair as repair
    from conformance.replaying import replay as replay
    from conformance.run import audit as audit
    from conformance.run import check as check
    from conformance.taken import take as snapshot

__version__ = "0.1.0"
__all__ = ["__version__", "audit", "check", "level", "lint", "prove", "prove_adapter", "repair", "replay", "snapshot"]


def __getattr__(name: str) -> object:
    if name == "repair":
        from conformance import repairing

        return repairing.repair
    if name == "replay":
        from conformance import replaying

        return replaying.replay
    if name == "level":
        from conformance import levelling

        return levelling.level
    if name == "lint":
        from conformance import linting

        return linting.lint
    if name in ("audit", "check"):
        from conformance import run

        return getattr(run, name)
    if name == "snapshot":
        from conformance import taken

        return taken.take
    if name == "prove_adapter":
        from conformance import adapting

        return adapting.prove_adapter
    if name == "prove":
        from conformance import proving

        return proving.prove
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
