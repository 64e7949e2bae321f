"""What a person reads when there is no report: one message without a secret, and a code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from conformance.errors import ConformanceError, UsageError
from conformance.render.layout import inert_lines, muted

DEBUG = "CONFORMANCE_DEBUG"
_VARIABLES = ("CONFORMANCE_DATABASE_URL", "DATABASE_URL")
_CREDENTIALS = re.compile(r"(:/+)\S*@")  # a path that was made of a URL has one slash less
_PASSWORD = re.compile(r"(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)")


def no_command(word: str, commands: Sequence[str]) -> UsageError:
    """The error for a command line that does not begin with a command."""
    if not word:
        return UsageError(f"which command? There are {', '.join(commands)}; see conformance --help")
    if "://" in word or "=" in word:
        return UsageError("this is no command; conformance check SOURCE judges a database")
    from difflib import get_close_matches

    near = get_close_matches(word, commands, 1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(commands)}"
    return UsageError(f"there is no command {word!r}{hint}")


def told(error: Exception, arguments: Iterable[str]) -> tuple[str, int]:
    """The message and the exit code for what ended the run."""
    if isinstance(error, ConformanceError):
        return _clean(str(error)), error.exit_code
    if isinstance(error, ImportError):
        what = _without_secrets(str(error).split("\n", 1)[0], arguments)
        advice = "pip install 'astra-conformance[all]' brings everything"
        return _clean(f"something that this needs cannot be imported: {what}; {advice}"), ConformanceError.exit_code
    text = f"internal error: {type(error).__name__}: {error}"
    if os.environ.get(DEBUG):
        from traceback import format_exception

        text += "\n" + "".join(format_exception(error)).rstrip("\n")
    else:
        text = text.split("\n", 1)[0] + f"\n  this is a bug of ours; {DEBUG}=1 shows where it happened"
    return _clean(_without_secrets(text, arguments)), ConformanceError.exit_code


def _without_secrets(text: str, arguments: Iterable[str]) -> str:
    """The text without any password that the command line or the environment holds."""
    from conformance.sources.faults import redacted
    from conformance.sources.url import DatabaseUrl

    for given in (*arguments, *(os.environ.get(variable, "") for variable in _VARIABLES)):
        text = redacted(text, DatabaseUrl(text=given))
    if password := os.environ.get("PGPASSWORD"):
        text = text.replace(password, "…")
    return text


def _clean(text: str) -> str:
    text = _PASSWORD.sub(r"\1…", _CREDENTIALS.sub(r"\1…@", text))
    return muted("\n".join(inert_lines(text)))
