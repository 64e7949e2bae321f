"""Workflow commands, as the runner reads them: escaped, counted, and none that a stranger wrote."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import pytest
from sample import MARK, SAMPLES, finding, full, outcome, report, wily

from conformance.render import renderers
from conformance.render.github import MOST, render
from conformance.render.layout import inert
from conformance.render.results import results


class Command(NamedTuple):
    """What the runner makes of a line."""

    name: str
    properties: dict[str, str]
    data: str


def command(line: str) -> Command | None:
    """The rules of the runner: a line that begins with `::`, after blanks, is a command up to the next `::`; the older
    spelling `##[name]` is one wherever it stands in a line that is none of these."""
    text = line.lstrip()
    if text.startswith("::") and (end := text.find("::", 2)) >= 0:
        name, _, rest = text[2:end].partition(" ")
        pairs = (pair.partition("=") for pair in rest.split(",") if pair)
        return Command(name, {key: unescaped(value) for key, _, value in pairs}, unescaped(text[end + 2 :]))
    if found := re.search(r"##\[([^\]]*)\](.*)", line):
        return Command(found[1], {}, found[2])
    return None


def unescaped(text: str) -> str:
    for escape, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def obeyed(text: str) -> list[Command]:
    """The commands that a runner obeys; between `stop-commands` and its token, none."""
    found: list[Command] = []
    token = None
    for line in re.split("\r\n|\r|\n", text):
        one = command(line)
        if one is None or (token is not None and one.name != token):
            continue
        if one.name == "stop-commands":
            token = one.data
        elif one.name == token:
            token = None
        else:
            found.append(one)
    assert token is None
    return found


@pytest.mark.parametrize("format_", sorted(renderers().keys() - {"github"}))
@pytest.mark.parametrize("name", SAMPLES)
def test_no_other_format_commands_a_runner(name: str, format_: str) -> None:
    """Reports are printed into logs, and a runner reads the log."""
    assert obeyed(renderers()[format_].render(SAMPLES[name]())) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_runner_obeys_what_was_meant_and_nothing_else(name: str) -> None:
    of = SAMPLES[name]()
    found = obeyed(render(of))
    told = [one for one in found if one.properties.get("title") != "conformance"]
    assert {one.name for one in found} <= {"error", "warning", "notice"}
    assert all(set(one.properties) == {"title", "file", "line"} for one in told)
    expected = {(inert(r.outcome.requirement.id)[:249], r.message) for r in results(of)}
    assert {(one.properties["title"].removesuffix("…")[:249], one.data) for one in told} <= expected
    if name != "wily":
        assert len(told) == len(expected)


def test_strangers_text_before_the_annotations_is_stopped() -> None:
    text = render(wily())
    first, _, rest = text.partition("\n")
    token = first.removeprefix("::stop-commands::")
    said, _, commands = rest.partition(f"\n::{token}::\n")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert MARK in said
    assert token not in said
    assert commands.startswith("::error ")


def test_a_percent_sign_is_no_escape_of_a_stranger_s() -> None:
    of = outcome("0013/t/table", "must", "fail", findings=finding("100%0A::error::x, 50%: \r\n::y", "t"))
    (one,) = obeyed(render(report(of)))
    assert one.data.startswith(r"100%0A::error::x, 50%: \r\n::y")


@pytest.mark.parametrize("count", [1, 9, 10, 11, 5_000])
def test_ten_of_a_kind_at_most_the_worst_first(count: int) -> None:
    weak = [outcome(f"0013/w{n}/table", "should", "fail", findings=finding(f"w{n}", "t")) for n in range(count)]
    blind = [outcome(f"0013/b{n}/table", "must", "indeterminate", note=f"b{n}") for n in range(count)]
    strong = [outcome(f"0013/s{n}/table", "must", "fail", findings=finding(f"s{n}", "t")) for n in range(count)]
    found = obeyed(render(report(*weak, *blind, *strong)))
    kinds = Counter(one.name for one in found)
    assert max(kinds.values()) <= MOST
    assert [one.data[0] for one in found if one.name == "error"][: min(count, 9)] == ["s"] * min(count, 9)
    shown = sum(one.properties["title"] != "conformance" for one in found)
    counted = sum(
        int(one.data.split()[1].replace(",", "")) for one in found if one.properties["title"] == "conformance"
    )
    assert shown + counted == 3 * count


def test_kinds_are_those_of_the_levels() -> None:
    found = {one.properties["title"]: one.name for one in obeyed(render(full()))}
    assert found["0013/agent_documents/table"] == "error"
    assert found["0016/chat_sessions.updated_at/trigger"] == "error"
    assert found["0014/approval_requests.request_type/one-of"] == "warning"
    assert found["0024/agents.owner/column"] == "notice"


def test_a_run_that_examined_nothing_is_an_error() -> None:
    (one,) = obeyed(render(report()))
    assert (one.name, one.data) == ("error", "nothing was examined")
