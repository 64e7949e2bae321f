"""Measures the HTML report of 5,000 outcomes: rendering it beside `json.dumps`, and using it in Chromium."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measure import alternate

from conformance.model.report import Report
from conformance.render.html import render
from conformance.render.json import render as render_json
from conformance.run import audit

PAINTED = """
() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))
"""
FILTERED = """
() => {
  const began = performance.now();
  const box = document.querySelector("#filters input[value=fail], #filters input[value=pass]");
  box.click();
  document.body.offsetHeight;
  const ticked = performance.now() - began;
  box.click();
  document.querySelector("#f-migration").value = "0018";
  document.querySelector("#f-migration").dispatchEvent(new Event("change", { bubbles: true }));
  document.body.offsetHeight;
  return new Promise((done) => {
    const again = performance.now();
    const text = document.querySelector("#f-text");
    text.value = "agents foreign";
    document.querySelector("#f-migration").value = "";
    text.dispatchEvent(new Event("change", { bubbles: true }));
    document.body.offsetHeight;
    done([ticked, performance.now() - again]);
  });
}
"""


def enlarged(report: Report, outcomes: int) -> Report:
    """The report with its outcomes repeated under further ids, as a contract of that size has them."""
    many = list(report.outcomes)
    for number, outcome in enumerate(islice(cycle(report.outcomes), max(outcomes - len(many), 0))):
        renamed = replace(outcome.requirement, id=f"acme{number // len(report.outcomes)}/{outcome.requirement.id}")
        many.append(replace(outcome, requirement=renamed))
    return replace(report, outcomes=tuple(many[:outcomes]))


def in_browser(file: Path, runs: int) -> list[float] | None:
    """Milliseconds until the page is painted and answers, until a tick, and until a search through all texts shows."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        return None
    taken: list[list[float]] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(runs + 1):
            page: Any = browser.new_page()
            page.goto(file.as_uri())
            taken.append([page.evaluate(PAINTED), *page.evaluate(FILTERED)])
            page.close()
        browser.close()
    return [statistics.median(times) for times in zip(*taken[1:], strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    report = enlarged(audit(sandbox="embedded"), arguments.outcomes)
    record = json.loads(render_json(report))["outcomes"]
    floor, own = alternate(arguments.runs, lambda: json.dumps(record), lambda: render(report))
    text = render(report)
    sys.stdout.write(f"| rendering {arguments.outcomes:,} outcomes | {own / floor:.2f} × | {own:.3f} s | ")
    sys.stdout.write(f"{len(text.encode()) / 2**20:.1f} MiB |\n")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(text, encoding="utf-8")
        found = in_browser(file, arguments.runs)
    if found is None:
        sys.stdout.write("there is no Chromium here\n")
        return
    for what, milliseconds in zip(("opened, painted", "a tick", "a search in all texts"), found, strict=True):
        sys.stdout.write(f"| {what} | {milliseconds:.0f} ms |\n")


if __name__ == "__main__":
    main()
