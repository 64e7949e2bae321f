"""`conformance completion`: a script with which a shell completes the command line; shtab writes it.

The script holds all that it offers, so that the shell starts nothing of ours while somebody types.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

from conformance.commands import COMMANDS, module_of
from conformance.errors import UsageError

SHELLS = ("bash", "zsh", "fish")

_FOLDERS = frozenset({"folder", "migrations"})
_FILES = frozenset({"paths", "source", "adapter"})


def completion(shell: str) -> str:
    """The script for this shell. Raises `UsageError` for one that it cannot be written for."""
    if shell not in SHELLS:
        raise UsageError(f"there is no completion for {shell!r}; there is one for {', '.join(SHELLS)}")
    import shtab

    return shtab.complete(_parser(), shell)


def _parser() -> ArgumentParser:
    """The whole command line as one parser, each argument with what may stand there."""
    root = ArgumentParser(prog="conformance")
    root.add_argument("--version", action="store_true", help="print the version")
    commands = root.add_subparsers()
    offered = _offered()
    for name in COMMANDS:
        command = commands.add_parser(name, help=name)
        module_of(name).options(command)
        command.description = (command.description or name).partition(".")[0]
        for action in command._actions:
            _offer(action, name, offered)
    return root


def _offer(action: Action, command: str, offered: dict[str, Sequence[str]]) -> None:
    import shtab

    if action.choices is None and action.nargs != 0:
        action.choices = offered.get(f"{command} {action.dest}") or offered.get(_name(action))
    if action.choices is None and action.dest in _FOLDERS:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif action.choices is None and (action.type is Path or action.dest in _FILES or action.metavar == "FILE"):
        action.complete = shtab.FILE  # type: ignore[attr-defined]


def _name(action: Action) -> str:
    return action.option_strings[-1] if action.option_strings else action.dest


def _offered() -> dict[str, Sequence[str]]:
    """What there is to choose from, by the option, or by the command and its argument."""
    from conformance.effort import EFFORTS
    from conformance.model.contract import LAST_MIGRATION, OLDEST_THROUGH
    from conformance.registry import history_laws, lints
    from conformance.render import renderers
    from conformance.sandbox import KINDS
    from conformance.sources.contract import profiles

    ids = list(_ids())
    return {
        "completion shell": SHELLS,
        "explain id": list(_names(ids)),
        "replay select": list(history_laws()),
        "replay ignore": list(history_laws()),
        "lint select": [*lints(), *ids],
        "lint ignore": [*lints(), *ids],
        "--select": ids,
        "--ignore": ids,
        "--format": list(renderers()),
        "--profile": list(profiles()),
        "--through": [f"{number:04d}" for number in range(int(OLDEST_THROUGH), int(LAST_MIGRATION) + 1)],
        "--sandbox": list(KINDS),
        "--effort": list(EFFORTS),
    }


def _ids() -> Iterator[str]:
    """The requirements and invariants of all profiles."""
    from conformance.registry import claims
    from conformance.run import invariant_ids
    from conformance.sources import contract as source

    found: dict[str, None] = {}
    for profile in source.profiles():
        contract = source.load(profile, claims)
        found |= dict.fromkeys([*(requirement.id for requirement in contract.requirements), *invariant_ids(contract)])
    yield from found


def _names(ids: Sequence[str]) -> Iterator[str]:
    """Everything that `explain` tells of."""
    from conformance.driven import requirements
    from conformance.registry import checks, claims, conduct_laws, history_laws, invariant_modules, lints
    from conformance.sources import contract as source
    from conformance.sources.page import conflicts

    yield from ids
    yield from dict.fromkeys([*checks(), *claims(), *invariant_modules()])
    yield from history_laws()
    yield from (f"adapter/{law}" for law in conduct_laws())
    yield from (requirement.id for requirement in requirements())
    yield from lints()
    yield from (conflict.id for conflict in conflicts(source.FOLDER))
    yield "waiver"
