"""Folders of migrations of every kind are read as one history, or refused with a reason."""

from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.fixtures_of import migrations
from conformance.model.history import Migration
from conformance.sources.migration_files import read


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def brief(found: tuple[Migration, ...]) -> list[tuple[str, list[tuple[str, int]], list[tuple[str, int]] | None]]:
    return [
        (
            m.key,
            [(s.brief, s.line) for s in m.up.statements],
            [(s.brief, s.line) for s in m.down.statements] if m.down else None,
        )
        for m in found
    ]


def test_plain_files_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    there = folder(
        tmp_path, **{"0010_b.sql": "SELECT 2;", "9_a.sql": "-- one\nSELECT 1;\nSELECT 3", "README.md": "", "x.sql": ""}
    )
    assert brief(read(there)) == [
        ("0009", [("SELECT 1;", 2), ("SELECT 3", 3)], None),
        ("0010", [("SELECT 2;", 1)], None),
    ]


def test_pairs_of_golang_migrate(tmp_path: Path) -> None:
    there = folder(
        tmp_path, **{"000001_a.up.sql": "SELECT 1;", "000001_a.down.sql": "SELECT -1;", "000002_b.up.sql": "SELECT 2;"}
    )
    assert brief(read(there)) == [("0001", [("SELECT 1;", 1)], [("SELECT -1;", 1)]), ("0002", [("SELECT 2;", 1)], None)]
    assert read(there)[0].down_file == "000001_a.down.sql"


def test_marks_of_dbmate(tmp_path: Path) -> None:
    text = "-- migrate:up transaction:false\nSELECT 1;\nSELECT 2;\n\n-- migrate:down\nSELECT -1;\n"
    (found,) = read(folder(tmp_path, **{"20240101120000_a.sql": text}))
    assert brief((found,)) == [("20240101120000", [("SELECT 1;", 2), ("SELECT 2;", 3)], [("SELECT -1;", 6)])]
    assert not found.up.whole


def test_marks_of_goose(tmp_path: Path) -> None:
    text = (
        "-- +goose Up\nSELECT 1;\n-- +goose StatementBegin\nDO $$\nBEGIN\n  PERFORM 1; PERFORM 2;\nEND $$;\n"
        "-- +goose StatementEnd\nSELECT 2;\n-- +goose Down\nSELECT -1;\n"
    )
    (found,) = read(folder(tmp_path, **{"00007_a.sql": text}))
    assert brief((found,)) == [
        (
            "0007",
            [("SELECT 1;", 2), ("DO $$ BEGIN PERFORM 1; PERFORM 2; END $$;", 4), ("SELECT 2;", 9)],
            [("SELECT -1;", 11)],
        )
    ]
    assert found.up.whole
    (found,) = read(folder(tmp_path, **{"00007_a.sql": "-- +goose NO TRANSACTION\n" + text}))
    assert not found.up.whole


def test_a_pattern_of_ones_own(tmp_path: Path) -> None:
    there = folder(tmp_path, **{"V2__b.sql": "SELECT 2;", "V1__a.sql": "SELECT 1;", "U1__a.sql": "SELECT -1;"})
    assert [m.file for m in read(there, r"V(?P<number>\d+)__(?P<name>.*)\.sql")] == ["V1__a.sql", "V2__b.sql"]


@pytest.mark.parametrize(
    "statement", ["BEGIN", "COMMIT", "VACUUM t", "CREATE INDEX CONCURRENTLY i ON t (a)", "create database x"]
)
def test_what_cannot_run_in_one_transaction_is_seen(tmp_path: Path, statement: str) -> None:
    (found,) = read(folder(tmp_path, **{"1_a.sql": f"SELECT 'x';\n-- why\n{statement};"}))
    assert not found.up.whole


def test_our_own_may_all_run_in_one() -> None:
    for profile in ("documented", "reference"):
        found = read(migrations(profile, "0028")[0].parent)
        assert [m.key for m in found] == [f"{number:04d}" for number in range(1, 29)]
        assert all(m.up.whole and m.down is None for m in found)


@pytest.mark.parametrize(
    ("files", "pattern", "message"),
    [
        ({}, None, "has no file named NNNN_name.sql"),
        ({"x.sql": ""}, None, "has no file named NNNN_name.sql"),
        ({"1_a.sql": "", "01_b.sql": ""}, None, "01_b.sql and 1_a.sql have the same number"),
        ({"1_a.up.sql": "", "2_b.down.sql": ""}, None, "2_b.down.sql has no up script beside it"),
        ({"1_a.sql": "-- migrate:up\n-- migrate:down\nSELECT 1", "1_a.down.sql": ""}, None, "has a down script in it"),
        ({"1_a.sql": "SELECT 1;\n-- migrate:up\n"}, None, "1_a.sql:1: this stands before the first mark"),
        ({"1_a.sql": "-- migrate:down\nSELECT 1;"}, None, "1_a.sql has no part that goes up"),
        ({"1_a.sql": "SELECT 1;\n\\i x"}, None, "1_a.sql:2: "),
        ({"1_a.sql": ""}, "[", "--pattern is no regular expression"),
        ({"1_a.sql": ""}, r"(\d+)_.*", "--pattern needs a group of the number"),
        ({"a_1.sql": ""}, r"(?P<number>[a-z]+)_.*", "a_1.sql: --pattern finds 'a'"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, files: dict[str, str], pattern: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(folder(tmp_path, **files), pattern)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").write_bytes(b"SELECT '\xe9';")
    with pytest.raises(UsageError, match=r"1_a\.sql is not UTF-8: byte 8 is 0xe9"):
        read(tmp_path)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        read(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file; name its folder"):
        read(tmp_path / "file")
