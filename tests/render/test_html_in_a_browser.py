"""The HTML report in a real Chromium: from disk, without a network, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sample import SAMPLES, finding, outcome, report
from test_html import NAMES, poisoned

from conformance.model.report import Report
from conformance.render.html import render

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PHONE, LAPTOP = (390, 844), (1280, 800)

SEARCHED = """
() => new Promise((done) => requestAnimationFrame(() => {
  const text = document.querySelector("#f-text");
  text.value = "t17.";
  text.dispatchEvent(new Event("change", { bubbles: true }));
  document.body.offsetHeight;
  setTimeout(done, 0);
}))
"""
"""Painted once, and then searched through."""

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium of this machine; Playwright drives it and brings none of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_report(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a report from disk with the network off; at the end nothing was asked for, and nothing went wrong."""
    wrong: list[str] = []
    contexts = []

    def give(report: Report, size: tuple[int, int] = LAPTOP, *, script: bool = True, scheme: str = "light") -> Any:
        file = tmp_path / "report.html"
        file.write_text(render(report), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            offline=True,
            java_script_enabled=script,
            color_scheme=scheme,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message) or dialog.dismiss())
        page.on("request", lambda request: request.url.split("#")[0] == file.as_uri() or wrong.append(request.url))
        page.goto(file.as_uri())
        return page

    yield give
    for context in contexts:
        context.close()
    assert wrong == []


def shown(page: Any) -> list[str]:
    """The ids of the requirements that the filters leave."""
    found: list[str] = page.locator(".o:visible > summary > code").all_inner_texts()
    return found


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def counted(page: Any, text: str) -> None:
    """Waits until the filters say so: the text of the search takes effect when nothing more is typed."""
    page.locator("#f-count", has_text=re.compile(f"^{text} ")).wait_for(timeout=5000)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("size", [(320, 640), PHONE, LAPTOP], ids=str)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_is_no_wider_than_its_window(name: str, size: tuple[int, int], open_report: Open) -> None:
    page = open_report(SAMPLES[name](), size)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [
        ("full", PHONE, "light"),
        ("full", LAPTOP, "dark"),
        ("rows", LAPTOP, "light"),
        ("rows", PHONE, "dark"),
        ("green", LAPTOP, "dark"),
        ("empty", LAPTOP, "light"),
    ],
)
def test_no_rule_of_accessibility_is_broken(name: str, size: tuple[int, int], scheme: str, open_report: Open) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = open_report(SAMPLES[name](), size, scheme=scheme)
    unfold(page)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_does_nothing(name: str, open_report: Open) -> None:
    page = open_report(poisoned(NAMES[name]))
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, a:not([href^='#'])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "Does not conform" in page.title()


def test_the_policy_stops_what_is_not_ours(open_report: Open, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "tampered.html"
    text = render(SAMPLES["green"]())
    file.write_text(
        text.replace("<main>", "<main><script>document.title='run'</script><p style='color:red' onclick='1'>"),
        encoding="utf-8",
    )
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert page.title().startswith("Conforms: ")
    assert sum("Content Security Policy" in line for line in said) >= 2
    page.close()


def test_the_filters_work_by_keyboard(open_report: Open) -> None:
    made = SAMPLES["full"]()
    page = open_report(made)
    page.locator("#filters input").first.focus()
    press(page, "Space")
    failing = [o.requirement.id for o in made.outcomes if o.verdict == "fail"]
    counted(page, f"{len(failing)} of {len(made.outcomes)}")
    assert len(shown(page)) == len(failing)
    for _ in range(page.locator("#filters input[name=verdict]").count()):
        press(page, "Tab")
    press(page, "Space")
    must = [o.requirement.id for o in made.outcomes if (o.verdict, o.requirement.level) == ("fail", "must")]
    counted(page, f"{len(must)} of")
    assert len(shown(page)) == len(must)
    page.locator("#f-text").focus()
    page.keyboard.type("approval_requests  REFUSES")
    counted(page, "1 of")
    assert shown(page) == ["0014/approval_requests.request_type/accepts"]
    press(page, "Escape")
    counted(page, f"all {len(made.outcomes)}")
    assert len(shown(page)) == len(made.outcomes)
    page.locator("#f-migration").focus()
    page.keyboard.type("0016")
    counted(page, "3 of")
    assert {id_[:4] for id_ in shown(page)} == {"0016"}


def test_each_kind_of_filter_narrows(open_report: Open) -> None:
    made = SAMPLES["rows"]()
    page = open_report(made)
    page.locator("input[name=plane][value=structure]").check()
    assert len(shown(page)) == sum(o.plane == "structure" for o in made.outcomes)
    page.locator("#f-clear").click()
    page.locator("input[name=verdict][value=indeterminate]").check()
    page.locator("input[name=verdict][value=not-applicable]").check()
    assert len(shown(page)) == 3
    page.locator("#f-text").fill("nowhere to be found")
    counted(page, "0 of")
    assert page.locator(".group:visible").count() == 0


def test_a_cell_of_the_matrix_leads_to_its_outcomes(open_report: Open) -> None:
    page = open_report(SAMPLES["full"]())
    page.locator(".matrix a[data-migration='0013'][data-verdict=fail]").focus()
    press(page, "Enter")
    assert [id_[:4] for id_ in shown(page)] == ["0013"] * 4


def test_a_link_opens_what_it_leads_to_even_if_that_was_left_out(open_report: Open) -> None:
    page = open_report(SAMPLES["full"]())
    page.locator("input[name=verdict][value=pass]").check()
    page.locator(".card.fail h3 a").first.focus()
    press(page, "Enter")
    page.wait_for_selector(".o[open]")
    assert page.locator(".o[open] > summary > code").inner_text() == "0013/agent_documents/table"


def test_a_repair_is_copied_or_selected_by_keyboard(open_report: Open) -> None:
    page = open_report(SAMPLES["full"]())
    page.locator(".card .sql button").first.focus()
    press(page, "Enter")
    page.locator(".card .sql button", has_text=re.compile("Copied|Selected")).wait_for(timeout=5000)


def test_without_javascript_all_is_there(open_report: Open) -> None:
    made = SAMPLES["full"]()
    page = open_report(made, script=False)
    assert page.locator("#filters").is_hidden()
    assert page.locator("button:visible").count() == 0
    assert page.locator(".o").count() == len(made.outcomes)
    last = page.locator(".o").last
    assert last.locator("dl").is_hidden()
    last.locator("summary").focus()
    press(page, "Enter")
    assert last.locator("dl").is_visible()


def test_on_paper_it_is_light_and_has_no_controls(open_report: Open) -> None:
    made = SAMPLES["full"]()
    page = open_report(made, scheme="dark")
    page.locator("input[name=verdict][value=pass]").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert dark != "rgb(255, 255, 255)"
    assert page.locator("#filters:visible, button:visible, nav:visible").count() == 0
    assert len(shown(page)) == len(made.outcomes), "a filter leaves nothing out on paper"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_five_thousand_outcomes_are_opened_and_searched(browser: Any, tmp_path: Path) -> None:
    """How long that takes is measured in `tests/benchmarks/html_report.py`, since machines differ."""
    failing = (
        outcome(
            f"0013/t{n}.c{n}/type", "must" if n % 2 else "should", "fail", observed="smallint", repair="SELECT 1;",
            findings=finding(f"t{n}.c{n}: asked for integer, found smallint", f"public.t{n}.c{n}"),
        )
        for n in range(1_000)
    )  # fmt: skip
    others = (outcome(f"0014/t{n}.d{n}/type", "must", "pass", observed="integer") for n in range(4_000))
    file = tmp_path / "report.html"
    file.write_text(render(report(*failing, *others)), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.locator(".o").count() == 5_000
    page.evaluate(SEARCHED)
    assert page.locator("#f-count").inner_text() == "2 of 5,000 shown"
    page.close()
