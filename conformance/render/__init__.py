"""The report formats: one module each, found by looking into this package.

A module declares `FORMAT` (its name on the command line, which is the module's with dashes), `SUFFIX` (of the files
that are usually written in it) and `render(report, look)`, which gives the whole text. Renderers import the model, what
is shared here (`layout`, `roots`, `results`) and the papers of checks, and nothing else of ours.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.report import Report
    from conformance.render.layout import Look


class Renderer(Protocol):
    """What a module of this package offers; `layout`, which has no `FORMAT`, is none."""

    __doc__: str
    FORMAT: str
    SUFFIX: str

    def render(self, report: Report, look: Look = ...) -> str: ...


@cache
def renderers() -> Mapping[str, Renderer]:
    """The renderers by the names of their formats."""
    from pkgutil import iter_modules

    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.FORMAT: cast("Renderer", module) for module in modules if hasattr(module, "FORMAT")}
