"""A command line read. No value of a user's ever reaches a message from here: it may be a URL's password."""

from __future__ import annotations

import sys
from argparse import (
    SUPPRESS,
    ArgumentParser,
    HelpFormatter,
    Namespace,
)
from collections.abc import Sequence
from typing import Any, NoReturn

from conformance.command_options import OPTIONS
from conformance.errors import UsageError
from conformance.output import emit, look_of

EXIT_CODES = (
    "exit codes: 0 conforms, 1 departs, 2 the call or the contract is wrong, 3 could not be evaluated, 130 interrupted"
)
_EXIT_CODES_OF = {
    "diff": "exit codes: 0 they do not differ, 1 they differ, 2 the call or the contract is wrong, 3 nothing differs as"
    " far as could be looked at, 130 interrupted",
    "level": "exit codes: 0 a level is cleanly reached and no ledger contradicts it, 1 otherwise, 2 the call is wrong,"
    " 3 could not be looked at, 130 interrupted",
    "waive": "exit codes: 0 it is written, 2 it would be no waiver that is in order, or there is nothing to waive, 3 it"
    " could not be evaluated, 130 interrupted",
}


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def format_help(self) -> str:
        for action in self._actions:
            if "--format" in action.option_strings and action.help is None:
                from conformance.render import renderers

                action.help = f"{', '.join(renderers())}; text without it; may be repeated"
        return super().format_help()

    def print_help(self, file: Any = None) -> None:
        emit(self.format_help(), file or sys.stdout)


def _epilog(command: str) -> str | None:
    if command in _EXIT_CODES_OF:
        return _EXIT_CODES_OF[command]
    return EXIT_CODES if command in ("check", "audit", "prove", "replay", "render", "lint") else None


def parsed(command: str, arguments: Sequence[str]) -> Namespace:
    """The options of `command`; only those given are there. Raises `UsageError`, and `SystemExit` after --help."""
    width = look_of(sys.stdout, no_color=True, quiet=False).width
    parser = _Parser(
        prog=f"conformance {command}",
        add_help=True,
        allow_abbrev=False,
        argument_default=SUPPRESS,
        epilog=_epilog(command),
        formatter_class=lambda prog: HelpFormatter(prog, max_help_position=28, width=width),
    )
    OPTIONS[command](parser)
    known, unknown = parser.parse_known_args(arguments)
    if unknown:
        options = [name.partition("=")[0] for name in unknown if name.startswith("-")]
        what = f"there is no option {options[0]}" if options else "there are too many arguments"
        parser.error(what)
    return known
