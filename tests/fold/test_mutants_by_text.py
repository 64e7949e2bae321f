"""The mutation bar: what the kill matrix breaks on a server is found in the text as well, and never taken for right."""

import os

import pytest
from mutants import all_tried

EVERY = int(os.environ.get("CONFORMANCE_FOLD_EVERY", "12"))
"""Each so-manieth requirement; 1 takes three minutes."""


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_no_defect_passes_and_no_equivalent_fails(profile: str) -> None:
    tried = list(all_tried(profile, EVERY))
    assert [one for one in tried if not one.equivalent and one.verdict == "pass"] == []
    assert [one for one in tried if one.equivalent and one.verdict == "fail"] == []
    defects = [one for one in tried if not one.equivalent]
    assert len([one for one in defects if one.verdict == "fail"]) > 0.8 * len(defects)
