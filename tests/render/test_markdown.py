"""The Markdown report, as GitHub's own parser reads it: in order, within its limit, and inert."""

from __future__ import annotations

import re
from dataclasses import replace

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from lxml import html
from sample import MARK, SAMPLES, WILES, finding, full, green, outcome, report, rows, wily

from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.render import text as in_a_terminal
from conformance.render.layout import inert, muted
from conformance.render.markdown import MOST, code, fitted, render

OURS = set("html body h2 h3 h4 p ul li code pre table thead tbody tr th td details summary em div".split())


def parsed(text: str) -> html.HtmlElement:
    """As GitHub's parser gives it, raw HTML and all; nothing is left to a sanitizer."""
    shown = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return html.document_fromstring(f"<div>{shown}</div>")


def outside(root: html.HtmlElement) -> str:
    """All text that does not stand in code."""
    for element in list(root.iter("code", "pre")):
        element.text = ""
        for child in list(element):
            element.remove(child)
    return root.text_content()


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_what_it_looks_like(name: str) -> None:
    root = parsed(render(SAMPLES[name]()))
    assert {element.tag for element in root.iter()} <= OURS
    assert next(root.iter("h2")).text.startswith(("Departs", "Conforms", "Could not be evaluated"))


def test_the_verdict_comes_first_then_what_to_do_then_the_counts() -> None:
    root = parsed(render(full()))
    heads = [h.text_content() for h in root.iter("h2", "h3")]
    assert heads[:3] == [
        "Departs: 5 must requirements departed from, 1 must requirement could not be evaluated",
        "What to do",
        "Counts",
    ]
    assert "CREATE TABLE agent_documents (\n  id uuid\n);\n" in [pre.text_content() for pre in root.iter("pre")]


def test_the_counts_are_those_of_the_report() -> None:
    of = full()
    rows_ = [[cell.text for cell in row] for row in parsed(render(of)).iter("tr")]
    assert rows_[0] == ["level", "pass", "fail", "waived", "not-applicable", "indeterminate"]
    assert rows_[-1] == ["all", *map(str, of.counts().values())]
    assert rows_[1] == ["must", *map(str, of.counts_by_level()["must"].values())]


def test_must_comes_before_should_and_what_fails_before_what_was_not_looked_at() -> None:
    tags = [h.text_content().partition(":")[0] for h in parsed(render(full())).iter("h4")]
    order = ["fail, must", "indeterminate, must", "fail, should", "indeterminate, should"]
    assert tags == sorted(tags, key=order.index)
    assert set(tags) == set(order)


def test_what_is_waived_or_only_may_is_shown() -> None:
    text = render(full())
    assert "- waived, must: `0024/agents.owner/column`: `waived until 2027-01-31 by dba@example.org" in text
    assert "- fail, may: `0013/agent_documents.meta/column`" in text


def test_rows_are_cut_and_steps_are_not() -> None:
    many_ = tuple(f"step {number}" for number in range(10))
    (told,) = finding("…", "t")
    one = outcome("history/0015/resumes", "must", "fail", kind="history", findings=(replace(told, witnesses=many_),))
    assert render(report(replace(one, plane="history"))).count("- to see it: `step ") == 10
    cut = render(report(replace(one, plane="state")))
    assert cut.count("- witness: `step ") == 3
    assert "\n- and 7 more\n" in cut


def test_no_stranger_s_text_stands_outside_of_code() -> None:
    root = parsed(render(wily()))
    assert MARK in root.text_content()
    assert MARK not in outside(root)


@pytest.mark.parametrize("wile", [*WILES, "`", "``", " ` ", "`a", "a`", " a ", "\\`", "a\\", "|", "a|b`c``d```"])
def test_code_is_read_back_as_it_is(wile: str) -> None:
    (found,) = parsed(f"- x: {code(wile)} y").iter("code")
    assert found.text == muted(inert(wile))
    (heading,) = parsed(f"#### {code(wile)}").iter("code")
    assert heading.text == muted(inert(wile))


@pytest.mark.parametrize("wile", WILES)
def test_sql_is_read_back_as_it_is(wile: str) -> None:
    sql = f"SELECT 1; -- {wile}\n```\n~~~\n    </pre>\nSELECT 2;"
    of = outcome("0013/t/table", "must", "fail", findings=finding("t", "t"), repair=sql)
    (found,) = parsed(render(report(of))).iter("pre")
    assert found.text_content() == muted("\n".join(map(inert, sql.split("\n")))) + "\n"


def test_nothing_is_nothing() -> None:
    assert code("") == code("  ") == "(nothing)"


def many(count: int, *, failing: int) -> Report:
    """`failing` requirements that fail, and `count` that pass, all with long words."""
    bad = [
        outcome(f"0013/b{n}.c/unique", "must", "fail", observed="o" * 200, findings=finding("f", "t"), repair="r" * 300)
        for n in range(failing)
    ]
    return report(*bad, *(outcome(f"0013/t{n}.c/column", "must", "pass", observed="x" * 90) for n in range(count)))


@pytest.mark.parametrize("failing", [0, 3, 150, 2_000, 9_000])
@pytest.mark.parametrize("count", [0, 5_000])
def test_it_fits_and_says_what_it_leaves_out(failing: int, count: int) -> None:
    of = many(count, failing=failing)
    text = render(of)
    assert len(text) <= MOST
    assert len(text.encode()) <= 1 << 20
    shown = len(re.findall(r"^#### fail, must: ", text, re.MULTILINE))
    said = re.search(r"^_Left out, to fit 65,536 characters: (.*)\. The JSON report has all\._$", text, re.MULTILINE)
    if count or failing > 60:
        assert said is not None
        assert ("5,000 subjects that pass" in said[1]) == (count > 0 and failing > 60)
        assert ("findings or their details" in said[1]) == (failing > 60)
        assert failing == 0 or text.index("_Left out") < text.index("### What to do")
    else:
        assert said is None
    assert shown == failing or shown > 60
    assert "### Counts" in text
    assert {e.tag for e in parsed(text).iter()} <= OURS


def test_green_detail_goes_first() -> None:
    of = many(200, failing=3)
    whole = fitted(of, MOST)
    tight = fitted(of, len(whole) - 500)
    bare = fitted(of, 4_500)
    assert whole.count("`column`") == 200
    assert 100 < tight.count("`column`") < 200
    assert bare.count("`column`") < 80
    assert whole.count("#### ") == tight.count("#### ") == bare.count("#### ") == 3


@pytest.mark.parametrize("most", range(3_000, 30_000, 900))
def test_it_fits_any_limit_that_holds_the_counts(most: int) -> None:
    for of in (full(), rows(), wily(), green()):
        short = replace(of, remarks=of.remarks * 40, outcomes=of.outcomes)
        head_and_counts = 12_000 if of.profile.startswith("`") else 2_500
        if most > head_and_counts:
            assert len(fitted(short, most)) <= most


def test_long_words_are_cut_and_it_says_so() -> None:
    of = outcome("0013/t/table", "must", "fail", observed="x" * 9_000, findings=finding("t", "t"), repair="y" * 9_000)
    text = render(report(of))
    assert "x" * 1_000 in text
    assert f"{'x' * 10}…`" in text
    assert "-- … 3,000 more characters; the JSON report has all" in text


@pytest.mark.parametrize(
    ("beside", "heads"),
    [
        (outcome("0013/t/b", "must", "waived"), ("## Conforms, but for 1 waived", "conforms: 1 pass, 1 waived")),
        (outcome("0013/t/b", "should", "indeterminate"), ("## Conforms as to `must`", "conforms as to `must`: 1 pass")),
    ],
)
def test_what_is_passed_over_is_in_the_verdict(beside: Outcome, heads: tuple[str, str]) -> None:
    of = report(outcome("0013/t/table", "must", "pass"), beside)
    assert render(of).splitlines()[0] == heads[0]
    assert heads[1] in in_a_terminal.render(of)
