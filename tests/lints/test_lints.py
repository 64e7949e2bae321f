"""Every lint in four scenes: a hit, a near miss, the repair, and the hit again with a comment that suppresses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from conformance.documented import documented
from conformance.hazards import SUPPRESSIONS, Found, frame, hazards
from conformance.model.contract import LAST_MIGRATION
from conformance.model.lint import NEWEST, Documented, Script
from conformance.model.record import replace
from conformance.options import Options
from conformance.registry import lints, title
from conformance.run import load_contract
from conformance.sources.lint_files import script
from conformance.sources.migrations import Text

FOLDER = Path(__file__).parents[2] / "fixtures" / "lints"
_ANOTHER = "-- another file\n"


def scenes(code: str) -> Iterator[tuple[str, str]]:
    """Each scene's head and its text."""
    text = (FOLDER / f"{code.lower()}.sql").read_text(encoding="utf-8")
    for part in text.split("-- == ")[1:]:
        head, _, body = part.partition("\n")
        yield head, body


def linted(text: str) -> list[Found]:
    """What is found in the files of a scene."""
    major = re.search(r"^-- postgres (\d+)$", text, re.MULTILINE)
    files = [file(number, body) for number, body in enumerate(text.split(_ANOTHER), 1) if body.strip()]
    return hazards(files, major=int(major[1]) if major else NEWEST, documented=_asked())


@cache
def _asked() -> Documented:
    return documented(load_contract(Options()), LAST_MIGRATION)


def file(number: int, body: str) -> Script:
    """A file of a scene, with what it was released as where that stands below it."""
    now, *released = re.split(r"^-- as released(.*)\n", body, flags=re.MULTILINE)
    name = f"{number:04d}_scene.sql"
    found = script(Text(name=name, text=now, number=number))
    if not released:
        return found
    before = "0000_scene.sql" if released[0] else name
    return replace(found, released=script(Text(name=before, text=released[1], number=number)))


SCENES = [
    pytest.param(code, head, body, id=f"{code} {head}")
    for code in lints()
    if code != SUPPRESSIONS
    for head, body in scenes(code)
]


@pytest.mark.parametrize("code", lints())
def test_a_lint_has_its_papers_and_its_scenes(code: str) -> None:
    lint = lints()[code]
    assert lint.LEVEL in ("error", "warning", "note")
    for part in ("In production:", "Example:", "Instead:"):
        assert f"\n{part}" in lint.__doc__, part
    assert title(lint.__doc__)
    if code != SUPPRESSIONS:
        kinds = [head.partition(":")[0] for head, _ in scenes(code)]
        assert {"hit", "near miss", "fixed"} == set(kinds)


def test_no_scene_is_of_a_lint_that_there_is_not() -> None:
    assert {path.stem.upper() for path in FOLDER.glob("*.sql")} | {SUPPRESSIONS} == set(lints())


@pytest.mark.parametrize(("code", "head", "body"), SCENES)
def test_scene(code: str, head: str, body: str) -> None:
    found = [one for one in linted(body) if one.code == code]
    if not head.startswith("hit"):
        assert not found, [one.hit.message for one in found]
        return
    assert found
    for one in found:
        assert one.excused is None
        assert one.hit.message
        assert one.script.text[one.start : one.end].strip()
        assert set(frame(one).split("\n")[1]) <= set(" |^")


@pytest.mark.parametrize(("code", "head", "body"), [case for case in SCENES if case.values[1].startswith("hit")])
def test_a_comment_before_the_statement_suppresses_it(code: str, head: str, body: str) -> None:
    found = [one for one in linted(body) if one.code == code]
    texts = body.split(_ANOTHER)
    for one in reversed(found):
        place = int(one.script.file[:4]) - 1
        statement = next(s for s in reversed(one.script.statements) if s.offset <= one.start)
        at = statement.offset + min(deed.span.start for deed in statement.deeds)
        comment = f"-- conformance: ignore {code} it is known\n"
        if comment not in texts[place][:at]:
            texts[place] = f"{texts[place][:at]}\n{comment}{texts[place][at:]}"
    again = linted(_ANOTHER.join(texts))
    own = [one for one in again if one.code == code]
    assert [one.excused for one in own] == ["it is known"] * len(found)
    assert not [one for one in again if one.code == SUPPRESSIONS]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("-- conformance: ignore A001", "no reason"),
        ("-- conformance: ignore A999 because", "no lint A999"),
        ("-- conformance: ignore it", "names no lint"),
        ("-- conformance: ignore A105 it is known", "suppresses nothing"),
        ("-- conformance: ignore-file A105 it is known", "suppresses nothing"),
    ],
)
def test_what_is_wrong_with_a_suppression_is_said(comment: str, words: str) -> None:
    found = linted(f"{comment}\nCREATE INDEX ON tasks (status);\n")
    assert [one.hit.message for one in found if one.code == SUPPRESSIONS and words in one.hit.message]
    assert [one for one in found if one.code == "A001" and one.excused is None]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("-- conformance: ignore A001, A404 it is known", ["A404 suppresses nothing"]),
        ("-- conformance: ignore-file A404, A001 it is known", ["A404 suppresses nothing"]),
        ("-- conformance: ignore A403, A404 it is known", ["A403 suppresses nothing", "A404 suppresses nothing"]),
        ("-- conformance: ignore A999, A404, A998 it is known", ["no lint A999", "A404 suppresses", "no lint A998"]),
        ("-- conformance: ignore A001, A301", ["no reason"]),
        ("-- conformance: ignore A001, A001 it is known", []),
        ("-- conformance: ignore A001, A009 it is known", []),
    ],
)
def test_each_code_of_a_suppression_has_to_suppress(comment: str, words: list[str]) -> None:
    found = linted(f"{comment}\nCREATE INDEX ON tasks (status);\n")
    told = [one.hit.message for one in found if one.code == SUPPRESSIONS]
    assert len(told) == len(words)
    assert all(word in one for word, one in zip(words, told, strict=True))


INDEX = "CREATE INDEX ON tasks (status);"


@pytest.mark.parametrize(
    ("text", "silent", "words"),
    [
        (f"{INDEX} -- conformance: ignore A001 it is known\n{INDEX}\n", [True, False], ""),
        (f"{INDEX}\n{INDEX} -- conformance: ignore A001 it is known\n", [False, True], ""),
        (f"{INDEX}\r\n-- conformance: ignore A001 it is known\r\n{INDEX}\r\n", [False, True], ""),
        (f"{INDEX}\n-- conformance: ignore A001 it is known\n", [False], "no statement follows"),
        ("CREATE INDEX -- conformance: ignore A001 it is known\nON tasks (a);\n", [False], "within a statement"),
        (f"DO $$ BEGIN\n-- conformance: ignore A001 it is known\n{INDEX} END $$;", [False], "within a statement"),
        (f"-- conformance: ignore A001 it is known\nDO $$ BEGIN {INDEX} {INDEX} END $$;", [True, True], ""),
        (f"COMMENT ON TABLE t IS '-- conformance: ignore A001 it is known';\n{INDEX}", [False], ""),
        (f"{INDEX}\n-- conformance: ignore-file A001 it is known\n", [True], ""),
        (f"/* a */ {INDEX} -- conformance: ignore A001 it is known\n{INDEX}\n", [True, False], ""),
        (f"{INDEX}\n/* a\nb */ -- conformance: ignore A001 it is known\n{INDEX}\n", [False, True], ""),
        (f"/*\n-- conformance: ignore A001 it is known\n{INDEX}\n*/\n{INDEX}\n", [False], ""),
        (f"{INDEX}\n/* /* */\n-- conformance: ignore-file A001 it is known\n*/\n", [False], ""),
        (f"-- /*\n-- conformance: ignore A001 it is known\n{INDEX}\n", [True], ""),
        (f"-- conformance: ignore A001 it is known\rSELECT 1;\n{INDEX}\n", [False], "suppresses nothing"),
    ],
)
def test_what_a_suppression_is_about_hangs_on_its_place(text: str, silent: list[bool], words: str) -> None:
    found = linted(text)
    assert [one.excused is not None for one in found if one.code == "A001"] == silent
    told = [one.hit.message for one in found if one.code == SUPPRESSIONS]
    assert len(told) == bool(words)
    assert all(words in one for one in told)


def test_a_suppression_of_the_file_counts_for_all_of_it() -> None:
    text = (
        "-- conformance: ignore-file A001, A009 nobody is there yet\nCREATE INDEX ON a (b);\nCREATE INDEX ON b (b);\n"
    )
    found = linted(text)
    assert {(one.code, one.excused) for one in found if one.code in ("A001", "A009", SUPPRESSIONS)} == {
        ("A001", "nobody is there yet"),
        ("A009", "nobody is there yet"),
    }


def test_a_place_is_that_of_the_characters_in_the_file() -> None:
    text = '-- ä\n\n/* a\n comment */  ALTER TABLE "tasks"\n  ADD COLUMN a int,\n  DROP COLUMN b CASCADE;\n'
    (found,) = [one for one in linted(text) if one.code == "A105"]
    assert found.place == "0001_scene.sql:6:3"
    assert text[found.start : found.end] == "DROP COLUMN b CASCADE"
    assert frame(found) == "6 |   DROP COLUMN b CASCADE;\n  |   ^^^^^^^^^^^^^^^^^^^^^"


def test_every_lint_stands_beside_those_of_other_tools() -> None:
    text = (FOLDER.parents[1] / "reports" / "lints.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (A\d+) \|", text, re.MULTILINE) == list(lints())


def test_of_a_very_long_line_what_is_near_is_shown() -> None:
    found = next(one for one in linted(f"SELECT 1;{'SELECT 1;' * 9_000}DROP TABLE tasks;{'SELECT 1;' * 9_000}"))
    line, mark = frame(found).split("\n")
    assert len(line) < 600
    assert line.startswith("1 | …")
    assert line.endswith("…")
    assert line[mark.index("^") : mark.rindex("^") + 1] == "DROP TABLE tasks"
