"""What the modules of checks, invariants and laws say of themselves: what `explain` prints, and reports link to."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from pkgutil import iter_modules


def papers(plane: str, kind: str, claim: str, file: str, id_: str = "") -> str:
    """The docstring of what judged an outcome; "" where no module of ours did.

    `file` names the module of an invariant, and of a law of an implementation the module of its area; `id_` is the
    code of a lint.
    """
    if plane == "lint":
        return _of_a_lint(id_)
    if plane == "waivers":
        return import_module("conformance.waiver_faults").__doc__ or ""
    if plane == "history":
        return docstring("history", claim)
    if plane == "adapter":
        return _of_a_law(PurePosixPath(file).stem, claim)
    if kind == "property":
        return import_module("conformance.driven").__doc__ or ""
    if kind == "invariant":
        return docstring("invariants", PurePosixPath(file).stem)
    return (docstring("properties", claim) if plane == "behaviour" else "") or docstring("checks", kind)


def docstring(package: str, name: str) -> str:
    """What the module of this name says of itself, if there is one; nothing else is imported."""
    module = name.replace("-", "_")
    if module not in _modules(package):
        return ""
    return import_module(f"conformance.{package}.{module}").__doc__ or ""


def _of_a_lint(code: str) -> str:
    """A lint's module begins with its code."""
    name = next((name for name in _modules("lints") if name.startswith(f"{code.lower()}_")), "")
    return docstring("lints", name) if name else ""


def _of_a_law(area: str, name: str) -> str:
    """An area of the laws of an implementation is one module, and each of its laws has its own papers."""
    if area not in _modules("conduct"):
        return ""
    found = vars(import_module(f"conformance.conduct.{area}")).values()
    return next((law.papers for law in found if getattr(law, "id", None) == f"{area}/{name}"), "")


@cache
def _modules(package: str) -> frozenset[str]:
    return frozenset(found.name for found in iter_modules(import_module(f"conformance.{package}").__path__))
