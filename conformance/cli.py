"""The door: `conformance COMMAND …`. It imports nothing that the command at hand does not need."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

from conformance.commands import COMMANDS

HELP = """\
usage: conformance COMMAND …

Is an Astra database what the documentation promises?

  check [SOURCE]   judge the structure of a database, read-only
  snapshot URL     take the structure away in a file, which `check`, `prove` and `repair` read elsewhere
  audit [URL]      judge the structure, then every documented invariant of the rows, read-only
  prove [SOURCE]   provoke a schema in a sandbox: what is documented goes in, what is forbidden is refused
  replay [DIR]     run a folder of migrations on a throw-away server, every way it can be run
  lint PATH…       judge what SQL migrations build, and what they do to live data, without a database
  level [SOURCE]   which migration a database has really reached, whatever its ledger of migrations claims
  diff A B         what one has that the other has not: databases, snapshots, reports, migrations
  waive SOURCE ID  write a waiver for what departs: with a reason, an owner and an end, bound to its shape
  repair SOURCE    write a script that mends a database, safe while it is in use; nothing is run
  render REPORT    a JSON report in any other format, as the run would have given it
  list             the requirements and the invariants; --conflicts, where their sources disagree
  explain ID       a requirement, an invariant, a kind of claim or a conflict: what, why, on whose word, what mends it
  ddl              SQL of a schema that conforms
  selftest         the tool's own kill matrix, on an embedded server
  completion SHELL a script with which bash, zsh or fish completes this command line

  --version        print the version
  -h, --help       print this; `conformance COMMAND --help` prints the options of a command

Without SOURCE, check and audit look at $CONFORMANCE_DATABASE_URL, then at $DATABASE_URL, then at a throw-away server.
exit codes: 0 conforms, 1 departs, 2 the call or the contract is wrong, 3 could not be evaluated, 130 interrupted
"""

INTERRUPTED = 130


def entry() -> NoReturn:
    """The console command: `main`, without what a process that is about to end need not do.

    Collecting garbage while judging, and freeing object by object at the end, cost a gate as much as the judging does.
    Everything that must be undone was undone by then: servers and files live in contexts that `main` has left.
    """
    if sys.argv[1:2] != ["selftest"]:
        gc.disable()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or not there from the beginning
            stream.flush()
    os._exit(code)


def main(argv: list[str] | None = None) -> int:
    """Run one command line; the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last door: whatever it is, one message and a code
        from conformance.mishap import told

        message, code = told(error, arguments)
        _say(message)
        return code


def _run(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command in COMMANDS:
        from conformance.commands import run

        return run(command, arguments[1:])
    if command in ("-h", "--help", "--version"):
        from conformance import __version__
        from conformance.output import emit

        emit(f"conformance {__version__}\n" if command == "--version" else HELP, sys.stdout)
        return 0
    from conformance.mishap import no_command

    raise no_command(command, COMMANDS)


def _say(message: str) -> None:
    """One message on stderr, if anybody is there."""
    from conformance.errors import ConformanceError
    from conformance.output import emit

    with suppress(ConformanceError):
        emit(f"conformance: {message}\n", sys.stderr)
