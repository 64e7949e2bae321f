"""Names drawn from all that has a meaning somewhere, in every format: none is markup, a command or a control."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from lxml import etree
from sample import TARGET, finding, outcome, report
from test_github import obeyed
from test_markdown import OURS, outside, parsed

from conformance import rendering
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.render import renderers
from conformance.sources.report_file import report_of

PIECES = (
    "`", "``", "```", "~~~", "|", "\\", "*", "_", "#", "##[", "]", "[", "](", ")", "!", "<", ">", "</", "&", "&#64;",
    "<script>", "<!--", "-->", "<![CDATA[", "]]>", "@", "::", "::error::", "%", "%0A", "%25", ",", ":", "=", "{0}", "{", "}",
    "\n", "\r", "\r\n", "\t", "\x00", "\x07", "\x1b[2J", "\x1b]0;", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u200b", "\ufeff", "\ufffe", "\uffff", "\U0001fffe", "\ud800", "\udfff", " ", "  ", "    ", "\u00a0", "q7q",
    "https://", "www.", "$", "$$", "'", '"', "- ", "1. ", "+", "\U0001f600", "é", "語", "e\u0301",
)  # fmt: skip


def word(chance: random.Random) -> str:
    return "q7q" + "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 12)))


def drawn(seed: int) -> Report:
    """A report all words of which are drawn."""
    chance = random.Random(seed)
    outcomes = [one(chance, number) for number in range(9)]
    words = {name: word(chance) for name in ("address", "origin", "database", "server_version", "session_user")}
    return report(
        *outcomes,
        target=replace(TARGET, **words, schemas=(word(chance),)),
        profile=word(chance),
        profile_title=word(chance),
        tool=word(chance),
        remarks=(word(chance), word(chance)),
    )


def one(chance: random.Random, number: int) -> Outcome:
    verdict = ("fail", "indeterminate", "waived", "pass", "not-applicable")[number % 5]
    found = outcome(
        f"0015/t{number}/table",
        ("must", "should", "may")[number % 3],
        verdict,  # type: ignore[arg-type]
        table=word(chance),
        **{name: word(chance) for name in ("expected", "observed", "note", "object", "source")},
        findings=finding(word(chance), word(chance), word(chance)) if verdict in ("fail", "waived") else (),
        repair=word(chance) if verdict == "fail" else None,
    )
    id_ = f"0015/{number}{word(chance)}"
    claim = id_.rpartition("/")[2]
    own = replace(found.requirement, id=id_, claim=claim, file=word(chance), columns=(word(chance),))
    return replace(found, requirement=own)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_obeyed(seed: int) -> None:
    of = drawn(seed)
    told = {name: renderer.render(of) for name, renderer in renderers().items()}
    for name, text in told.items():
        assert all(line.isprintable() for line in text.split("\n")), name
        text.encode("utf-8")
        names = {command.name for command in obeyed(text)}
        assert names <= ({"error", "warning", "notice"} if name == "github" else set()), name
    for name in ("json", "sarif", "gitlab", "badge"):
        json.loads(told[name])
    for name in ("junit", "badge-svg"):
        assert etree.fromstring(told[name].encode()).xpath("//*[local-name() = 'script']") == []
    page = parsed(told["markdown"])
    assert {element.tag for element in page.iter()} <= OURS
    assert "q7q" not in outside(page)
    assert len(obeyed(told["github"])) == 6


@pytest.mark.parametrize("seed", range(20))
def test_what_is_read_back_gives_the_same(seed: int) -> None:
    of = drawn(seed)
    again = report_of(json.loads(renderers()["json"].render(of)))
    torn = any("\ud800" <= character <= "\udfff" for character in repr(of).encode().decode("unicode_escape"))
    for name, renderer in renderers().items():
        if (
            name == "html" and torn
        ):  # JSON has escapes in place of lone surrogates, and HTML puts tables in order by name
            continue
        assert renderer.render(again) == renderer.render(of)
    assert rendering.told(again) == json.loads(renderers()["json"].render(of))
