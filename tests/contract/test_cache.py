"""What was kept of the last reading is used only as long as nothing has changed that it was made from."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.model.contract import Contract
from conformance.registry import claims
from conformance.sources import contract as source


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the contract and of the code that reads it, old enough to be kept of."""
    original = source.FOLDER.parent
    for part in ("contract", "sources", "checks"):
        shutil.copytree(original / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    monkeypatch.setattr(source, "FOLDER", tmp_path / "contract")
    places = ("contract", "contract/profiles", "sources", "checks")
    monkeypatch.setattr(source, "_MADE_FROM", tuple(tmp_path / place for place in places))
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "contract" / "__pycache__").glob("*.json"))


def reading() -> tuple[Contract, bool]:
    """The contract, and whether its files were read for it."""
    read = False

    def asked() -> source.Claims:
        nonlocal read
        read = True
        return claims()

    return source.load("documented", asked), read


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    os.utime(path, (1, 1))


def test_the_second_reading_is_the_first_one(folder: Path) -> None:
    (first, read), (second, again) = reading(), reading()
    assert (read, again) == (True, False)
    assert first == second
    assert [r.spec for r in first.requirements] == [r.spec for r in second.requirements]
    assert len(kept(folder)) == 1


@pytest.mark.parametrize(
    "name",
    ["contract/0028.toml", "contract/conflicts.toml", "contract/page.toml", "contract/profiles/documented.toml",
     "sources/contract_toml.py", "sources/contract.py", "checks/default.py"],
)  # fmt: skip
def test_what_has_changed_is_read_again(folder: Path, name: str) -> None:
    reading()
    edit(folder / name, lambda text: text + "\n# changed\n")
    assert reading()[1]
    assert not reading()[1]
    assert len(kept(folder)) == 1, "what is stale is removed"


def test_a_change_is_seen(folder: Path) -> None:
    before, _ = reading()
    edit(folder / "contract" / "0028.toml", lambda text: text.replace('value = "1"', 'value = "2"'))
    after, _ = reading()
    specs: list[Mapping[str, Any]] = [
        next(r.spec for r in found.requirements if r.id == "0028/approval_requests.required_approvals/default")
        for found in (before, after)
    ]
    assert specs == [{"value": "1"}, {"value": "2"}]


def test_a_new_file_is_seen(folder: Path) -> None:
    reading()
    new = folder / "contract" / "0025.toml"
    new.write_text('["0025/agents.name"]\nindex = { method = "btree" }\n', encoding="utf-8")
    assert "0025/agents.name/index" in {r.id for r in reading()[0].requirements}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"{}", b"42", b'{"profile": "x", "title": "y"}', b'{"profile": 1, "rows": [[1]]}',
     b'{"profile": "x", "title": "y", "rows": 5}', b'{"profile": "x", "title": "y", "rows": [5]}', b"\xff\xfe\x00"],
)  # fmt: skip
def test_what_is_broken_is_ignored_and_mended(folder: Path, content: bytes) -> None:
    whole, _ = reading()
    (file,) = kept(folder)
    file.write_bytes(content)
    found, read = reading()
    assert (found, read) == (whole, True)
    assert json.loads(file.read_bytes())["profile"] == "documented"


def test_a_folder_that_cannot_be_written_works(folder: Path) -> None:
    (folder / "contract" / "__pycache__").write_text("in the way")
    first, _ = reading()
    second, read = reading()
    assert read
    assert first == second


def test_profiles_are_kept_apart(folder: Path) -> None:
    documented = source.load("documented", claims)
    reference = source.load("reference", claims)
    assert len(kept(folder)) == 2
    assert source.load("documented", claims) == documented
    assert source.load("reference", claims) == reference
    assert documented != reference


def test_files_of_third_parties_are_never_kept(folder: Path, tmp_path: Path) -> None:
    reading()
    extra = tmp_path / "acme.toml"
    extra.write_text('["acme/0028/agents.name"]\nindex = { method = "btree" }\n', encoding="utf-8")
    found = source.load("documented", claims, [extra])
    assert "acme/0028/agents.name/index" in {r.id for r in found.requirements}
    assert len(kept(folder)) == 1
    assert "acme/0028/agents.name/index" not in {r.id for r in reading()[0].requirements}


def test_what_changed_under_a_running_process_is_not_kept(folder: Path) -> None:
    """Its code may be older than the file that the digest is taken of."""
    (folder / "checks" / "default.py").touch()
    assert reading()[1]
    assert kept(folder) == []
