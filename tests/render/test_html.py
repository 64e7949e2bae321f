"""The HTML report without a browser: what it says, that it is valid, and that what a stranger chose stays text."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import html5lib
import pytest
from sample import HOSTILE, SAMPLES, TARGET, finding, full, green, hostile, invariant, outcome, report, rows, tolerated

from conformance.model.baseline import Baseline
from conformance.model.breach import Breach
from conformance.model.report import Report
from conformance.model.score import FALSE_ALARMS, KILL_RATE
from conformance.render.html import render
from conformance.render.layout import Look, inert
from conformance.render.markdown import render as markdown

NAMES = {
    "markup": "</code></script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": '"\' onclick=alert(1) x=`"',
    "cdata": "]]><![CDATA[--><!--",
    "direction": "\u202egnp.exe\u2066\u200f",
    "terminal": "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "surrogate": "\ud83d\udc00 and \udfff",
    "emoji": "😀" * 63,
    "joined": "👩\u200d💻\ufe0f",
    "nothing": "\x00\ufffe\uffff\u2028\u0085",
    "entity": "&lt;b&gt;&amp;&#x3c;",
    "sample": HOSTILE,
}

SOUND = outcome("0013/t/table", "must", "pass")


def parsed(text: str) -> Element:
    """The document as a parser that is not ours reads it; an error of its syntax is an error."""
    tree: Element = html5lib.HTMLParser(strict=True).parse(text)
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    return tree


def words(element: Element | None) -> str:
    assert element is not None
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def part(text: str, id_: str) -> Element:
    (found,) = [element for element in parsed(text).iter() if element.get("id") == id_]
    return found


def poisoned(name: str) -> Report:
    """A report in which everything that a stranger may choose is `name`."""
    fields = ("address", "origin", "database", "server_version", "session_user", "current_user")
    target = replace(TARGET, **dict.fromkeys(fields, name), schemas=(name,))
    whole = replace(hostile(), requirement=replace(hostile().requirement, id=f"acme/0026/{name}.n/unique", table=name))
    whole = replace(whole, observed=name, note=name, object=name, evidence={name: [name]}, repair=f'DROP "{name}"\n;')
    key = outcome(f"0013/{name}.c/foreign-key", "must", "fail", expected=f"references {name}.id", because=name)
    idle = outcome(f"0013/{name}/table", "must", "not-applicable", note=name)
    unseen = outcome(f"0013/{name}.d/column", "must", "indeterminate", observed=name, plane=name)
    cycle = invariant("0002/task_dependencies/acyclic", "must", "fail", (f"{name} → b → {name}",), 2)
    breach = Breach(
        requirement=whole.requirement, expected=name, enforced_by=name, entry="gets in", detail=name, script=name
    )
    tried = replace(breach, entry="not tried", script=None)
    return report(
        replace(whole, findings=finding(name, name, name)),
        key,
        idle,
        unseen,
        cycle,
        outcome(f"{name}/t.c/type", "may", "fail"),
        outcome(f"{name}/t.d/type", "should", "waived", note=name),
        target=target,
        profile=name,
        profile_title=name,
        through=name,
        tool=name,
        started=name,
        remarks=(name,),
        breaches=(breach, tried),
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_parser_that_is_not_ours_finds_no_fault(name: str) -> None:
    assert words(parsed(render(SAMPLES[name]())).find("body/header/h1"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_stranger_chooses_is_text_and_nothing_else(name: str) -> None:
    text = render(poisoned(NAMES[name]))
    elements, harmless = list(parsed(text).iter()), list(parsed(render(poisoned("harmless"))).iter())
    for tag in ("script", "style", "h1", "h2", "article", "section", "meta"):
        assert sum(e.tag == tag for e in elements) == sum(e.tag == tag for e in harmless), tag
    assert {e.tag for e in elements} <= {e.tag for e in harmless}
    assert {key for e in elements for key in e.attrib} <= {key for e in harmless for key in e.attrib}
    assert {e.get("href", "#")[0] for e in elements} == {"#"}
    assert all(line.isprintable() for line in text.split("\n"))
    text.encode("utf-8")


def test_what_cannot_be_shown_is_shown_as_an_escape() -> None:
    text = words(parsed(render(poisoned("a\u202eb\x1bc\ud800d"))))
    assert r"a\u202eb\x1bc\ud800d" in text


def test_no_two_elements_have_one_id_and_every_link_leads_somewhere() -> None:
    for name in SAMPLES:
        elements = list(parsed(render(SAMPLES[name]())).iter())
        ids = [element.get("id") for element in elements if element.get("id")]
        assert len(set(ids)) == len(ids)
        links = [element.get("href", "") for element in elements if element.tag == "a"]
        assert {link[:1] for link in links} <= {"#"}
        assert {link[1:] for link in links} <= {*ids}


class _Inline(HTMLParser):
    """What stands between the tags of the style and of the script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.policy = ""
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._tag in ("style", "script"):
            self.found[self._tag] = self.found.get(self._tag, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""


def test_the_policy_lets_run_our_style_and_our_script_alone() -> None:
    inline = _Inline(render(full()))
    for tag, text in inline.found.items():
        hashed = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{hashed}'" in inline.policy
    assert set(inline.found) == {"style", "script"}
    assert inline.policy.startswith("default-src 'none'; ")


def test_nothing_is_asked_for_from_outside() -> None:
    text = render(poisoned("harmless"))
    assert not re.findall(r"(?:src|action|data|poster|srcset)=|url\(|@import|https?:", text)
    for element in parsed(text).iter():
        assert element.tag not in ("link", "img", "iframe", "object", "base", "form")
        assert not [key for key in element.attrib if key.startswith("on") or key == "style"]


def test_the_look_of_a_terminal_changes_nothing() -> None:
    assert render(full(), Look(colour=True, width=40, quiet=True)) == render(full())


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (full, "Does not conform"),
        (green, "Conforms"),
        (tolerated, "Conforms as to must"),
        (report, "Could not be decided"),
        (lambda: report(outcome("0013/t/table", "must", "indeterminate")), "Could not be decided"),
        (lambda: report(SOUND, outcome("0013/t/b", "should", "indeterminate")), "Conforms as to must"),
        (lambda: report(SOUND, outcome("0013/t/b", "must", "waived")), "Conforms, but for 1 waived"),
    ],
)
def test_the_verdict_comes_first_with_what_it_is_the_verdict_of(made: object, said: str) -> None:
    head = parsed(render(made())).find("body/header")  # type: ignore[operator]
    assert head is not None
    assert words(head.find("h1")) == said
    for fact in ("reader@db.example:5432/astra", "documented", "migration 0026", "2026-01-31T12:00:00Z"):
        assert fact in words(head)


@pytest.mark.parametrize(
    ("made", "departs", "looked_at"),
    [
        (report(SOUND), "departs.", "Everything that applies was looked at."),
        (report(SOUND, select=("0013/*",)), "departs.", "Everything that applies and was selected was looked at."),
        (report(), "departs, as far as could be looked at.", "Nothing was looked at."),
        (
            report(SOUND, outcome("0013/t/b", "must", "waived")),
            "departs, but for 1 waived or tolerated.",
            "Everything that applies was looked at.",
        ),
        (
            report(SOUND, outcome("0013/t/b", "should", "indeterminate")),
            "departs, as far as could be looked at.",
            "1 requirement could not be looked at (1 should). Whether they hold is not known.",
        ),
    ],
)
def test_nothing_is_said_to_hold_that_is_excused_or_was_not_looked_at(
    made: Report, departs: str, looked_at: str
) -> None:
    told = {part.get("id"): part.find("p") for part in parsed(render(made)).iter("section")}
    assert words(told["to-do"]) == f"Nothing that must or should hold {departs}"
    assert words(told["not-examined"]) == looked_at


def test_a_run_that_passes_says_what_it_passes_over() -> None:
    waived = outcome("0024/agents.owner/column", "must", "waived")
    head = parsed(render(replace(tolerated(), outcomes=(*tolerated().outcomes, waived)))).find("body/header")
    assert head is not None
    assert words(head.find("p[@class='why']")) == (
        "1 requirement met; 1 departed from (1 should); 1 waived (1 must); 1 could not be evaluated (1 should)."
    )


def test_every_outcome_is_told_in_full() -> None:
    made = full()
    told = {element.get("id"): words(element) for element in parsed(render(made)).iter("details")}
    for number, one in enumerate(made.outcomes):
        text = told[f"o{number}"]
        shown = [one.verdict, one.requirement.level, one.expected, one.plane, one.requirement.source, one.because or ""]
        assert all(" ".join(inert(piece).split()) in text for piece in shown), one.requirement.id


def test_the_sentence_of_the_page_is_quoted() -> None:
    made = report(outcome("0028/t/table", "must", "pass", source="the page, lines 10, 16; reference 0002"))
    quoted = [words(element) for element in parsed(render(made)).iter("q")]
    assert quoted == ["goals ||--o{ tasks : plans_to", "Tasks link via dependencies forming a DAG."]


def test_a_source_that_is_not_the_page_quotes_nothing() -> None:
    made = report(outcome("0028/t/table", "must", "pass", source="acme; the page, line 10"))
    assert list(parsed(render(made)).iter("q")) == []


def test_must_comes_before_should_and_forty_that_follow_are_one_card() -> None:
    table = outcome("0028/t/table", "must", "fail", findings=finding("t: …", "t"), repair="CREATE TABLE t ();")
    columns = [outcome(f"0028/t.c{n}/column", "must", "fail", because="0028/t/table") for n in range(40)]
    early = outcome("0013/s.c/one-of", "should", "fail")
    section = part(render(report(early, table, *columns)), "to-do")
    cards = [words(card) for card in section.iter("article")]
    assert len(cards) == 2
    assert "0028/t/table" in cards[0]
    assert "40 that follow from it (40 must)" in cards[0]
    assert "CREATE TABLE t ();" in cards[0]
    assert "0013/s.c/one-of" in cards[1]


def test_of_very_many_the_first_have_cards_and_the_rest_are_named() -> None:
    made = report(*(outcome(f"0013/t.c{n}/type", "should" if n < 250 else "must", "fail") for n in range(300)))
    section = part(render(made), "to-do")
    cards = [words(card.find("h3")) for card in section.iter("article")]
    assert cards[0] == "fail must 0013/t.c250/type"
    assert len(cards) == 100
    assert "200 more (200 should), each told under Everything" in words(section)
    assert len({link.get("href") for link in section.iter("a")}) == 300


def test_what_was_not_examined_stands_beside_what_failed() -> None:
    text = render(rows())
    section = part(text, "not-examined")
    assert [card.get("class") for card in section.iter("article")] == ["card indeterminate"] * 2
    assert "2 requirements could not be looked at (1 must, 1 should)" in words(section)
    assert "1: not there before 0027" in words(section)
    tiles = [words(tile) for tile in parsed(text).findall("body/header/ul/li")]
    assert tiles[1].startswith("2 indeterminate")
    assert tiles[3].startswith("1 not applicable")


@pytest.mark.parametrize(
    ("planes", "unseen"),
    [
        (["structure"], "the rows (conformance audit) or the behaviour under provocation (conformance prove)"),
        (["structure", "state", "behaviour"], None),
    ],
)
def test_a_plane_that_was_not_looked_at_is_said(planes: list[str], unseen: str | None) -> None:
    made = report(*(outcome(f"0013/t{n}/table", "must", "pass", plane=plane) for n, plane in enumerate(planes)))
    section = words(part(render(made), "not-examined"))
    assert ("did not look at" in section) == (unseen is not None)
    assert (unseen or "") in section


def test_the_matrix_has_each_documented_migration_and_what_else_there_is() -> None:
    table = part(render(full()), "migrations").find("table")
    assert table is not None
    lines = {words(row.find("th")): [words(cell) for cell in row.findall("td")] for row in table.findall("tbody/tr")}
    assert [*lines][:18] == ["0001", "0008", *(f"{number:04d}" for number in range(13, 29))]
    assert lines["0013"] == ["4", "·", "·", "·", "·"]
    assert lines["0016"] == ["·", "3", "·", "·", "·"]
    assert lines["0020"] == ["·"] * 5


def test_the_diagram_has_each_table_and_each_relation_in_its_state() -> None:
    made = report(
        outcome("0001/agents/table", "must", "pass", object="public.agents"),
        outcome("0001/agents.name/column", "may", "fail"),
        outcome("0001/goals/table", "must", "pass", object="public.goals"),
        outcome("0001/goals.agent_id/foreign-key", "must", "pass", expected="references agents.id", object="k"),
        outcome(
            "0001/goals.parent/foreign-key", "must", "fail", expected="references goals.id", observed="g NOT VALID"
        ),
        outcome("0001/tasks/table", "must", "fail", observed="no relation tasks on the search path (public)"),
        outcome(
            "0001/tasks.goal_id/foreign-key",
            "must",
            "fail",
            expected="references goals.id",
            observed="no relation tasks on the search path (public)",
        ),
        outcome("0001/workers/table", "must", "fail", observed="materialized view"),
        outcome("0001/notes.goal_id/foreign-key", "must", "indeterminate", expected="references goals.id"),
        outcome("0001/notes.a_id/foreign-key", "may", "fail", expected="references agents.id"),
        outcome("0001/old/table", "must", "not-applicable"),
    )
    section = part(render(made), "tables")
    titles = [words(title) for title in section.iter("title")]
    assert [title.partition(";")[0] for title in titles if ";" in title] == [
        "agents: there",
        "goals: wrong",
        "notes: undecided",
        "tasks: missing",
        "workers: wrong",
    ]
    assert sorted(title for title in titles if ";" not in title) == [
        "goals.agent_id refers to agents: there",
        "goals.parent refers to goals: wrong",
        "notes.goal_id refers to goals: undecided",
        "tasks.goal_id refers to goals: missing",
    ]
    assert len(section.findall(".//tbody/tr")) == 4


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_a_cell_is_no_formula_of_a_spreadsheet(name: str) -> None:
    made = report(
        outcome("0001/goals/table", "must", "pass", object="public.goals"),
        outcome("0001/goals.up/foreign-key", "must", "fail", expected="references goals.id", observed=f"{name}: odd"),
    )
    (row,) = part(render(made), "tables").findall(".//tbody/tr")
    assert [words(cell) for cell in row.iter("td")][-1] == f"'{name}: odd"


def test_the_tool_s_own_kill_rate_is_told_with_the_command_that_measures_it() -> None:
    told = words(part(render(report(outcome("0001/goals/table", "must", "pass"))), "how"))
    assert "conformance selftest measures" in told
    assert f"Its kill rate is {KILL_RATE} of these mutants, with {FALSE_ALARMS}" in told


def test_a_cycle_is_drawn_and_its_members_are_named() -> None:
    section = part(render(rows()), "to-do")
    (figure,) = section.iter("figure")
    assert len(list(figure.iter("circle"))) == 3
    assert "A cycle of 3" in words(figure)
    assert len(list(figure.iter("li"))) == 3


def test_a_long_cycle_says_what_is_not_drawn() -> None:
    witness = " → ".join([*(f"n{number}" for number in range(500)), "n0"])
    made = report(invariant("0002/task_dependencies/acyclic", "must", "fail", (witness,), 500))
    figure = next(part(render(made), "to-do").iter("figure"))
    assert len(list(figure.iter("circle"))) == 8
    assert "A cycle of 500; 492 between 7 and 500 are not drawn" in words(figure)
    assert [item.get("value") for item in figure.iter("li")] == ["1", "2", "3", "4", "5", "6", "7", "500"]


@pytest.mark.parametrize("witness", ["a → b", "running → completed → failed", "a b → c → a b", "a", " → "])
def test_what_is_no_cycle_is_not_drawn(witness: str) -> None:
    made = report(invariant("0002/task_dependencies/acyclic", "must", "fail", (witness,), 1))
    assert list(parsed(render(made)).iter("figure")) == []


def test_a_node_that_waits_for_itself_is_drawn() -> None:
    made = report(invariant("0002/task_dependencies/acyclic", "must", "fail", ("a → a",), 1))
    figure = next(part(render(made), "to-do").iter("figure"))
    assert len(list(figure.iter("circle"))) == 1
    assert len(list(figure.iter("polygon"))) == 1


def test_sql_whose_names_cannot_be_shown_says_that_it_does_not_run() -> None:
    section = words(part(render(report(hostile())), "to-do"))
    assert "take the SQL from the JSON report" in section
    assert "take the SQL from the JSON report" not in words(part(render(rows()), "to-do"))


@pytest.mark.parametrize(
    ("more", "command"),
    [
        ({}, "conformance check postgresql://reader@db.example:5432/astra --profile documented --through 0026"),
        ({"threshold": "should"}, "--through 0026 --strict"),
        ({"plane": "state"}, "conformance audit postgresql://"),
        ({"plane": "history"}, "conformance replay DIR postgresql://"),
        ({"address": "x@throw-away/astra"}, "conformance check --profile documented"),
        ({"address": "a b@h:1/d;rm -rf"}, 'conformance check "$URL" --profile documented'),
        ({"profile": "my own;"}, "--profile 'my own;'"),
    ],
)
def test_the_command_that_does_it_again(more: dict[str, str], command: str) -> None:
    plane, address = more.pop("plane", "structure"), more.pop("address", TARGET.address)
    made = report(outcome("0013/t/table", "must", "pass", plane=plane), target=replace(TARGET, address=address), **more)
    assert command in words(part(render(made), "how").find("div/pre"))


def test_what_the_database_lets_in_is_told_with_its_script() -> None:
    requirement = outcome("0002/task_dependencies/acyclic", "must", "pass").requirement
    entered = Breach(
        requirement=requirement, expected="no cycle", enforced_by="nothing", entry="gets in", script="INSERT 1;"
    )
    refused = replace(entered, entry="refused", script=None)
    section = words(part(render(replace(green(), breaches=(entered, refused))), "not-enforced"))
    assert "Of 2 invariants, 1 can be broken by rows that get in; such rows are refused for 1." in section
    assert "INSERT 1;" in section


def test_a_waived_departure_says_until_when() -> None:
    assert "waived until 2027-01-31 by dba@example.org" in words(part(render(full()), "waived"))


def test_beside_a_baseline_the_heading_says_what_is_waived() -> None:
    waived = outcome("0013/t/table", "must", "waived", note="waived until …")
    known = outcome("0013/u/table", "must", "fail", tolerated="the baseline has it too")
    baseline = Baseline(file="base.json", tool="conformance", address="db/astra", started="2026-11-30T00:00:00Z")
    of = report(waived, known, baseline=baseline)
    assert of.exit_code == 0
    assert "Nothing new departs, but for 1 waived" in render(of)
    assert "## Nothing new departs, but for 1 waived" in markdown(of)
