"""The published report on compatibility is what the tool does today."""

import os

import pytest
from compatibility import published, sections, write


@pytest.mark.parametrize("name", sections())
def test_a_section_is_what_its_module_gives(name: str, request: pytest.FixtureRequest) -> None:
    section = sections()[name]
    text = section.text(request.getfixturevalue)
    if os.environ.get("CONFORMANCE_UPDATE_GOLDEN"):
        write(section.TITLE, text)
    assert published()[section.TITLE] == text


def test_the_report_holds_these_sections_in_this_order() -> None:
    assert list(published()) == [section.TITLE for section in sections().values()]
