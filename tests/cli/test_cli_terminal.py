"""Colour, width and the sign of life: on a terminal, and nowhere else."""

from __future__ import annotations

import io
import os
import sys
import time

import pytest
from looking import Looked

from conformance.cli import main
from conformance.output import look_of
from conformance.progress import by_part, progress

URL = "postgresql://reader@db/astra"


class Terminal(io.StringIO):
    """A stream that says that it is a terminal, 100 columns wide."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((100, 30)))
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_a_terminal_has_colour_and_its_width(terminal: Terminal) -> None:
    look = look_of(terminal, no_color=False, quiet=False)
    assert (look.colour, look.width) == (True, 100)


def test_what_is_no_terminal_has_neither() -> None:
    look = look_of(io.StringIO(), no_color=False, quiet=False)
    assert (look.colour, look.width) == (False, 80)


@pytest.mark.parametrize(
    ("variables", "no_color", "colour"),
    [
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({}, True, False),
        ({"FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour_can_be_declined(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], no_color: bool, colour: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert look_of(terminal, no_color=no_color, quiet=False).colour is colour


@pytest.mark.parametrize(("value", "colour"), [("1", True), ("0", False), ("", False)])
def test_colour_can_be_forced(monkeypatch: pytest.MonkeyPatch, value: str, colour: bool) -> None:
    monkeypatch.setenv("FORCE_COLOR", value)
    assert look_of(io.StringIO(), no_color=False, quiet=False).colour is colour


def test_a_file_has_no_colour(looked: Looked, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["check", URL, "-o", "r.txt"])
    assert "\x1b" not in (tmp_path / "r.txt").read_text()


def test_check_colours_a_terminal(looked: Looked, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", terminal)
    main(["check", URL])
    assert "\x1b[1;32mconforms\x1b[0m" in terminal.getvalue()


def test_what_takes_long_shows_a_sign_of_life_and_clears_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("looking"):
        time.sleep(1.5)
    assert "looking, 1 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_bar_says_how_many_are_done(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    with by_part("files", 1_000) as tell:
        tell(250)
        time.sleep(1.5)
    assert "#####............... files, 250 of 1,000, 1 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_what_is_quick_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("looking"):
        pass
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("variable", ["CI", "TERM"])
def test_where_nobody_looks_nothing_turns(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "dumb")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("looking"):
        time.sleep(1.2)
    assert terminal.getvalue() == ""
