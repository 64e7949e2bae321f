"""The ids that any command judges: what a waiver may be for."""

from __future__ import annotations

from conformance.options import Options


def known(options: Options) -> tuple[str, ...]:
    """The requirements and the invariants of every profile, with the user's own, and the lints."""
    from conformance.registry import claims, lints
    from conformance.sources import contract as source
    from conformance.state import claims as of_rows

    found: list[str] = [*lints()]
    for profile in source.profiles():
        contract = source.load(profile, claims, options.contract)
        found += [requirement.id for requirement in contract.requirements]
        found += [claim.requirement.id for claim in of_rows(contract)]
    return tuple(dict.fromkeys(found))
