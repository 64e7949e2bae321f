"""What departed once is tried first in the next run, and forgotten when it was mended three times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.effort import EFFORTS, examples_of, memory
from conformance.errors import UsageError
from conformance.properties.drawing import smallest


def drawn(folder: Path | None, departs: Callable[[str], bool], about: str = "0001/a/b") -> tuple[str | None, list[str]]:
    """The smallest departure, and all that was tried, in order."""
    tried: list[str] = []

    def look(choice: object) -> str | None:
        text = choice.text()  # type: ignore[attr-defined]
        tried.append(text)
        return text if departs(text) else None

    where = None if folder is None else (folder, about)
    return smallest(look, 200, 7, lambda: False, where), tried


def long(text: str) -> bool:
    return len(text) > 3


def test_a_departure_is_tried_first_in_the_next_run(tmp_path: Path) -> None:
    first, tried = drawn(tmp_path, long)
    assert first is not None
    assert not long(tried[0])
    again, tried = drawn(tmp_path, long)
    assert again == first == tried[0]
    _, elsewhere = drawn(tmp_path, long, "0001/a/another")
    assert not long(elsewhere[0]), "each requirement remembers its own"


def test_without_a_departure_nothing_is_kept_and_nothing_differs(tmp_path: Path) -> None:
    runs = [drawn(folder, lambda _: False) for folder in (tmp_path / "m", None, tmp_path / "m")]
    assert runs[0] == runs[1] == runs[2]
    assert not (tmp_path / "m").exists()


def test_what_is_mended_is_forgotten_after_three_passes(tmp_path: Path) -> None:
    departure, _ = drawn(tmp_path, long)
    tried_first = [departure in drawn(tmp_path, lambda _: False)[1][:3] for _ in range(5)]
    assert tried_first[:3] == [True, True, True]
    assert tried_first[-1] is False


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert drawn(file / "m", long)[0] == drawn(None, long)[0]


def test_an_effort_is_a_number_of_examples(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert examples_of(None, None) == EFFORTS["ci"]
    assert examples_of("nightly", None) == EFFORTS["nightly"] > EFFORTS["thorough"] > EFFORTS["ci"]
    assert examples_of("nightly", 3) == 3
    with pytest.raises(UsageError, match="there are: ci, thorough, nightly"):
        examples_of("heroic", None)
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    assert memory() == Path(".hypothesis/examples")
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path))
    assert memory() == tmp_path / "examples"
