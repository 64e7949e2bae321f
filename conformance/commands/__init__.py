"""The commands, a module each: `options` says what may be given, `run` does it and gives the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

COMMANDS = (
    "check", "snapshot", "audit", "prove", "replay", "lint", "level", "diff", "waive", "repair", "render", "list",
    "explain", "ddl", "selftest", "completion",
)  # fmt: skip


def module_of(command: str) -> Any:
    """The module of the command."""
    from importlib import import_module

    return import_module(f"conformance.commands.{command}")


def run(command: str, arguments: Sequence[str]) -> int:
    """Run the command; the exit code."""
    from conformance import passwords
    from conformance.arguments import parsed

    module = module_of(command)
    given = parsed(command, arguments, module.options)
    if (file := getattr(given, "password_file", None)) is not None:
        passwords.take_from(file)
    code: int = passwords.asking(lambda: module.run(given))
    return code
