"""A command line read. No value of a user's ever reaches a message from here: it may be a URL's password."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, HelpFormatter, Namespace
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from conformance.errors import UsageError
from conformance.output import emit, look_of


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


def parsed(command: str, arguments: Sequence[str], options: Callable[[ArgumentParser], None]) -> Namespace:
    """The options of `command` that are given. Raises `UsageError`, and `SystemExit` after --help."""
    width = look_of(sys.stdout, no_color=True, quiet=False).width
    parser = _Parser(
        prog=f"conformance {command}",
        add_help=True,
        allow_abbrev=False,
        argument_default=SUPPRESS,
        formatter_class=lambda prog: HelpFormatter(prog, max_help_position=28, width=width),
    )
    options(parser)
    known, unknown = parser.parse_known_args(arguments)
    if unknown:
        names = [name.partition("=")[0] for name in unknown if name.startswith("-")]
        what = f"there is no option {names[0]}" if names else "there are too many arguments"
        parser.error(what)
    return known
