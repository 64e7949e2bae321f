"""Signals while a throw-away server lives: a polite end cleans up, and cleaning up is not cut short."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import NoReturn

_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end, and a terminal that is closed, which Windows does not tell of."""


class Terminated(SystemExit):
    """This process is asked to end: no exit that code in it has chosen, so that nobody takes it for one."""


@contextmanager
def termination_as_exit() -> Iterator[None]:
    """Within the context SIGTERM and SIGHUP raise `Terminated`, where they would have killed this process without a
    word."""
    deadly = [n for n in _ENDINGS if signal.getsignal(n) is signal.SIG_DFL] if _in_main_thread() else []
    for number in deadly:
        signal.signal(number, _exit)
    try:
        yield
    finally:
        for number in deadly:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def interrupts_deferred() -> Iterator[Sequence[int]]:
    """Hold SIGINT, SIGTERM and SIGHUP back until the context is left, for steps that must not be done by half; gives
    those that have come."""
    if not _in_main_thread():
        yield ()
        return
    caught: list[int] = []
    # A handler that isn't Python's (None) couldn't be put back.
    previous = {
        number: handler for number in (signal.SIGINT, *_ENDINGS) if (handler := signal.getsignal(number)) is not None
    }
    for number in previous:
        signal.signal(number, lambda caught_number, _frame: caught.append(caught_number))
    try:
        yield caught
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for caught_number in caught:
            signal.raise_signal(caught_number)


def close_uninterrupted(stack: ExitStack) -> None:
    """Run all the callbacks of a stack; an interrupt that comes meanwhile is raised when the last has run."""
    interrupt: BaseException | None = None
    while True:
        try:
            with interrupts_deferred():
                stack.close()
        except (KeyboardInterrupt, SystemExit) as raised:
            interrupt = raised  # perhaps before the deferral began: close what is left
        else:
            break
    if interrupt is not None:
        raise interrupt


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _exit(number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(128 + number)
