"""A sign of life on a terminal, for what takes longer than a second."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_PATIENCE_S = 1.0
_FRAME_S = 0.1
_FRAMES = "|/-\\"
_BAR = 20


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Within the context a line on stderr says `doing`, if that is a terminal that somebody looks at."""
    with _shown(lambda: doing):
        yield


@contextmanager
def by_part(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what is to be told how many of the parts are done: a bar, if somebody looks at a terminal."""
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done = count

    def text() -> str:
        full = _BAR * done // total if total else _BAR
        return f"{'#' * full}{'.' * (_BAR - full)} {doing}, {done:,} of {total:,}"

    with _shown(text):
        yield tell


@contextmanager
def _shown(doing: Callable[[], str]) -> Iterator[None]:
    stream = sys.stderr
    if stream is None or not stream.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield
        return
    from threading import Event, Thread

    done = Event()

    def spin() -> None:
        if done.wait(_PATIENCE_S):
            return
        frame = 0
        while not done.wait(_FRAME_S):
            frame += 1
            seconds = int(_PATIENCE_S + frame * _FRAME_S)
            stream.write(f"\r{_FRAMES[frame % len(_FRAMES)]} {doing()}, {seconds} s")
            stream.flush()
        stream.write("\r\x1b[K")
        stream.flush()

    thread = Thread(target=spin, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def by_table() -> Iterator[Callable[[str, int], None]]:
    """Gives what is to be told each table before it is looked at: a line that changes on a terminal, lines in CI."""
    stream = sys.stderr
    if stream is None:
        yield lambda table, rows: None
    elif os.environ.get("CI"):
        yield lambda table, rows: _line(stream, f"conformance: looking at {table}, about {rows:,} rows\n")
    elif stream.isatty() and os.environ.get("TERM") != "dumb":
        try:
            yield lambda table, rows: _line(stream, f"\r\x1b[Klooking at {table}, about {rows:,} rows")
        finally:
            _line(stream, "\r\x1b[K")
    else:
        yield lambda table, rows: None


def _line(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()
